-- A list by what few executions have must not walk through all others of the tenant. What most have, completed, is
-- found soon in the order of the starts; leaving it out keeps the end of an execution from writing to this index.
create index execution_by_status on execution (tenant_id, status, started_at desc, id desc) where status <> 6;
create index execution_by_definition on execution (tenant_id, namespace, name, started_at desc, id desc);
create index execution_by_initiator on execution (tenant_id, initiator, started_at desc, id desc);
