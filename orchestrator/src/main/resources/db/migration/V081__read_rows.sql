-- What readers are told is written with what happened, so that no query folds a journal.
-- Beside an entry: what its events leave out since the state knows it. Null for nothing.
alter table journal add column aside bytea;
-- The tasks in progress, the entry that ended it, and up to which entry all of this is there: less than "entries" where
-- a node from before this migration has written. Such an execution is made up for when it is read, or by the command.
alter table execution add column current_tasks bytea;
alter table execution add column ended_by integer;
alter table execution add column readable integer not null default 0;
-- Of executions with many entries: those that are about a step.
create table step_entry (
    execution_id uuid      not null,
    step         integer   not null,
    tenant_id    text      not null,
    entries      integer[] not null,
    primary key (execution_id, step)
) with (fillfactor = 80);
