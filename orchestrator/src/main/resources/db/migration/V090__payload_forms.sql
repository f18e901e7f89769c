-- The first byte of a payload tells its form if it is f8 or more. JSON and text never begin so; what steps wrote may.
-- The size is that of the payload as it is; where it is not given, nothing was added to the body.
alter table step_log add column size integer;
update step_log set size = length(body), body = '\xf8'::bytea || body
 where substring(body from 1 for 1) >= '\xf8'::bytea;
update artifact_part set body = '\xf8'::bytea || body
 where substring(body from 1 for 1) >= '\xf8'::bytea;
