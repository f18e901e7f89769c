-- Slices of all executions, and who may write each: every commit carries the epoch.
create table shard (
    id         smallint primary key,
    node       text,
    epoch      bigint      not null default 0,
    expires_at timestamptz not null default '-infinity'
);

-- One row per execution, for lists and for recovery; the journal holds the rest.
create table execution (
    id             uuid        primary key,
    tenant_id      text        not null,
    shard          smallint    not null,
    kind           smallint    not null,
    namespace      text        not null,
    name           text        not null,
    version        text        not null,
    -- 0 pending, 1 running, 2 waiting, 3 suspended, 4 cancelled, 5 faulted, 6 completed
    status         smallint    not null,
    -- 0 active: a node must hold it; 1 parked: nothing runs, wake_at says when it goes on; 2 settled
    residence      smallint    not null,
    correlation_id text,
    initiator      text        not null,
    parent_id      uuid,
    started_at     timestamptz not null,
    ended_at       timestamptz,
    wake_at        timestamptz,
    error_code     text,
    entries        integer     not null
) with (fillfactor = 80);

create index execution_by_start on execution (tenant_id, started_at desc, id desc);
create index execution_by_correlation on execution (tenant_id, correlation_id)
    where correlation_id is not null;
create index execution_active on execution (shard) where residence = 0;
create index execution_parked on execution (wake_at) where residence = 1;

-- What happened: one row per decision, with all of its events.
create table journal (
    execution_id uuid        not null,
    seq          integer     not null,
    tenant_id    text        not null,
    initiator    text        not null,
    at           timestamptz not null,
    body         bytea       not null,
    primary key (execution_id, seq)
);

-- Large values of journal entries, by content.
create table blob (
    execution_id uuid   not null,
    digest       bytea  not null,
    tenant_id    text   not null,
    initiator    text   not null,
    body         bytea  not null,
    primary key (execution_id, digest)
);
alter table blob alter column body set storage external;

-- The state after entry seq, so that a long journal is not folded from its beginning.
create table snapshot (
    execution_id uuid    primary key,
    tenant_id    text    not null,
    initiator    text    not null,
    seq          integer not null,
    body         bytea   not null
);

create table start_key (
    tenant_id    text        not null,
    key          text        not null,
    initiator    text        not null,
    request      bytea       not null,
    execution_id uuid        not null,
    created_at   timestamptz not null default now(),
    primary key (tenant_id, key)
);

-- Steps that may have taken effect and wait for a person to decide.
create table dead_letter (
    execution_id uuid        not null,
    step         integer     not null,
    tenant_id    text        not null,
    initiator    text        not null,
    namespace    text        not null,
    name         text        not null,
    version      text        not null,
    pointer      text        not null,
    attempt      integer     not null,
    failure_code text        not null,
    message      text        not null,
    since        timestamptz not null,
    primary key (execution_id, step)
);
create index dead_letter_by_time on dead_letter (tenant_id, since, execution_id, step);
