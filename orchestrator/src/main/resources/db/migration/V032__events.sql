-- CloudEvents, from outside and from executions. Positions grow in the order of the commits: whoever inserts takes the
-- advisory lock first, so that a reader that has seen a position has seen all below it.
create table event (
    position    bigint      generated always as identity primary key,
    tenant_id   text        not null,
    source      text        not null,
    event_id    text        not null,
    type        text        not null,
    initiator   text        not null,
    received_at timestamptz not null default clock_timestamp(),
    body        bytea       not null,
    unique (tenant_id, source, event_id)
);
create index event_by_type on event (tenant_id, type, position);
create index event_by_time on event (received_at);

-- What executions listen for, one row per filter; written with the journal. An empty type is every type; an empty
-- correlation is one that is not known before the event is looked at.
create table listener (
    execution_id uuid        not null,
    frame        integer     not null,
    filter       integer     not null,
    tenant_id    text        not null,
    shard        smallint    not null,
    initiator    text        not null,
    type         text        not null,
    -- Which filter of which definition, so that what it makes of an event is worked out once for all that share it.
    matcher      text        not null,
    correlation  text        not null,
    started_at   timestamptz not null,
    opened_at    timestamptz not null,
    -- Whether events that came before it have been offered.
    caught_up    boolean     not null default false,
    primary key (execution_id, frame, filter)
) with (fillfactor = 80);
create index listener_by_matcher on listener (tenant_id, type, matcher, correlation, execution_id);
create index listener_fresh on listener (shard) where not caught_up;

-- Up to where the events have been offered to a shard's executions; -1: to workflows that events start.
create table event_cursor (
    shard    smallint primary key,
    position bigint   not null
);

alter table definition add column starts_on_events boolean not null default false;
create index definition_by_event on definition (tenant_id) where starts_on_events and not deleted;
