-- What a document refers to outside of the registry, as it was when it was published: content by address.
alter table definition add column resources jsonb not null default '{}';
