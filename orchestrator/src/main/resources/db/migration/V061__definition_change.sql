-- Who did what to definitions. Rows are added and never changed; they stay when a definition is deleted.
create table definition_change (
    id         bigint      generated always as identity primary key,
    tenant_id  text        not null,
    kind       text        not null,
    namespace  text        not null,
    name       text        not null,
    version    text        not null,
    digest     text        not null,
    action     text        not null check (action in ('published', 'enabled', 'disabled', 'deleted', 'restored')),
    initiator  text        not null,
    at         timestamptz not null default now()
);
create index definition_change_by_name on definition_change (tenant_id, namespace, name, id);

insert into definition_change (tenant_id, kind, namespace, name, version, digest, action, initiator, at)
select tenant_id, kind, namespace, name, version, digest, 'published', published_by, published_at
  from definition order by published_at;
