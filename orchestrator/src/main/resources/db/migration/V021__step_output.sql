-- Log bytes of steps, in the order in which they arrived.
create table step_log (
    execution_id uuid        not null,
    step         integer     not null,
    seq          bigint      not null,
    tenant_id    text        not null,
    initiator    text        not null,
    attempt      integer     not null,
    stream       smallint    not null,
    start_offset bigint      not null,
    at           timestamptz not null,
    body         bytea       not null,
    primary key (execution_id, step, seq)
);

-- Output files of steps, complete ones only.
create table artifact (
    execution_id uuid        not null,
    step         integer     not null,
    attempt      integer     not null,
    path         text        not null,
    tenant_id    text        not null,
    initiator    text        not null,
    size_bytes   bigint      not null,
    at           timestamptz not null,
    primary key (execution_id, step, attempt, path)
);

create table artifact_part (
    execution_id uuid    not null,
    step         integer not null,
    attempt      integer not null,
    path         text    not null,
    part         integer not null,
    tenant_id    text    not null,
    initiator    text    not null,
    body         bytea   not null,
    primary key (execution_id, step, attempt, path, part)
);
