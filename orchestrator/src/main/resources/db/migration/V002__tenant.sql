create table tenant (
    id         text        not null primary key check (id ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name       text        not null,
    enabled    boolean     not null default true,
    created_at timestamptz not null default now()
);
