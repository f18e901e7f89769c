-- One row: what this database calls itself on every backend.
create table installation (
    id         uuid        not null default gen_random_uuid(),
    created_at timestamptz not null default now(),
    only_row   boolean     not null default true primary key check (only_row)
);

insert into installation default values;
