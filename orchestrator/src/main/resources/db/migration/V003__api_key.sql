-- A key is known by its hash only: what is in this table opens nothing.
create table api_key (
    id          uuid        not null primary key default gen_random_uuid(),
    tenant      text        not null references tenant (id),
    hash        bytea       not null unique check (length(hash) = 32),
    kind        text        not null check (kind in ('user', 'client')),
    subject     text        not null check (length(subject) between 1 and 200),
    permissions text[]      not null,
    development boolean     not null default false,
    created_at  timestamptz not null default now(),
    expires_at  timestamptz,
    revoked_at  timestamptz
);

create index api_key_tenant on api_key (tenant);
