-- Registered workflows and functions; a version never changes, and a deleted one stays for what runs it.
create table definition (
    tenant_id    text        not null,
    kind         text        not null check (kind in ('workflow', 'function')),
    namespace    text        not null,
    name         text        not null,
    version      text        not null,
    digest       text        not null,
    enabled      boolean     not null default true,
    deleted      boolean     not null default false,
    format       text        not null,
    published_by text        not null,
    published_at timestamptz not null default now(),
    document     bytea       not null,
    -- What the document refers to, resolved when it was published.
    pins         text        not null,
    primary key (tenant_id, kind, namespace, name, version)
);
