-- Idempotency keys end after their window: the oldest are looked for.
create index start_key_by_time on start_key (created_at);
