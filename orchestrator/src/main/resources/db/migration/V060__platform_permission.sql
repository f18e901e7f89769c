-- What belongs to the installation is for a permission of its own; its first administrator gets it.
update api_key
set permissions = array_append(permissions, 'platform')
where id = (select id from api_key
            where tenant = 'default' and kind = 'user' and subject = 'admin' and not development
            order by created_at, id limit 1);
