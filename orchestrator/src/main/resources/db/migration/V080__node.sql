-- The server processes on this database. One that does not renew its row is taken for dead.
create table node (
    name       text        primary key,
    -- Of its data folder: who comes back from there is the same node.
    place      uuid        not null,
    -- Of its process: a name that another process has taken over is lost to the first one.
    process    uuid        not null,
    version    text        not null,
    started_at timestamptz not null,
    seen_at    timestamptz not null,
    expires_at timestamptz not null,
    -- It hands its shards over, and takes no more.
    leaving    boolean     not null
);

-- What one node does for all of them, by what it is called.
create table duty (
    name       text        primary key,
    node       text        not null,
    expires_at timestamptz not null
);

-- Messages to executions whose shards another node holds. Written by who has them, taken away by the commit of the
-- shard's owner that they lead to; where the sender waits, that commit leaves the answer, and the sender takes it away.
create table letter (
    id           bigint      generated always as identity primary key,
    shard        smallint    not null,
    execution_id uuid        not null,
    tenant_id    text        not null,
    initiator    text        not null,
    body         bytea       not null,
    sent_at      timestamptz not null,
    -- The process that waits for the answer; null if none does.
    asker        uuid,
    answered_at  timestamptz,
    -- Why it was not done; null if it was.
    refusal      text
);
create index letter_by_shard on letter (shard, id) where answered_at is null;
