-- What a step's attempt may hold on a backend, from before it exists there until it is gone; and what was found there
-- that no step wants. Written in the commits of the journal and derived from its events. Who may write a lease follows
-- from its shard, as for the execution: it has no time of its own.
create table lease (
    -- In the order of the rows, for pages.
    id            bigint      generated always as identity primary key,
    -- Of what names no execution: an id that is made from the resource's name, with step and attempt 0.
    execution_id  uuid        not null,
    step          integer     not null,
    attempt       integer     not null,
    shard         smallint    not null,
    -- Null where no execution is known.
    tenant_id     text,
    initiator     text,
    kind          smallint,
    namespace     text,
    name          text,
    version       text,
    adapter       text        not null,
    external_name text        not null,
    -- The function whose places it takes, namespace/name:version.
    function      text,
    -- 0 held, 1 provisioned, 2 releasing, 3 uncollected, 4 release failed, 5 vanished, 6 orphan, 7 removed
    state         smallint    not null,
    reason        text,
    since         timestamptz not null,
    changed_at    timestamptz not null,
    unique (execution_id, step, attempt)
);
create index lease_by_tenant on lease (tenant_id, id);
create index lease_by_tenant_state on lease (tenant_id, state, id);
create index lease_by_tenant_adapter on lease (tenant_id, adapter, id);
create index lease_by_state on lease (state, id);
create index lease_by_adapter on lease (adapter, id);
create index lease_removed on lease (changed_at) where state = 7;
