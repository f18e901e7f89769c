-- Events that a workflow has which several start together, until each of its filters has one. The rows stay while the
-- events do, so that an event that is offered again is known.
create table event_collected (
    tenant_id   text    not null,
    namespace   text    not null,
    name        text    not null,
    version     text    not null,
    position    bigint  not null,
    filter      integer not null,
    -- Events start a workflow together that say the same; empty where that is not asked.
    correlation text    not null,
    started     boolean not null default false,
    primary key (tenant_id, namespace, name, version, position)
);
create index event_collected_open on event_collected (tenant_id, namespace, name, version, correlation, filter, position)
    where not started;
create index event_collected_by_position on event_collected (position);
