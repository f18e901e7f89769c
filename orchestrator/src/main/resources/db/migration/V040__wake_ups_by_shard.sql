-- Each lane asks for its own shards: those of a lane that is behind must not be in the way of the others.
drop index execution_parked;
create index execution_parked on execution (shard, wake_at) where residence = 1;
