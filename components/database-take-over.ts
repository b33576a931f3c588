/** Not a part of an extension, which stays the administrator's. */
const own = (catalog: string, oid: string) =>
  `not exists (select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${oid} ` +
  "and d.deptype = 'e')";

const ours = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

/** A sequence of a column goes with its table. */
const column =
  "relkind = 'S' and exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid " +
  "and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i'))";

/** Statements that give what the session's user owns in this database to a role. PostgreSQL's own parts stay. */
const statements = `select format('alter schema %I owner to %I', nspname, :'role') from pg_namespace n
  where nspowner = :me and ${ours} and ${own("pg_namespace", "n.oid")}
union all
select format('alter %s %s owner to %I', case relkind when 'v' then 'view' when 'm' then 'materialized view'
  when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end, c.oid::regclass, :'role')
  from pg_class c join pg_namespace n on n.oid = relnamespace
  where relowner = :me and relkind in ('r', 'p', 'v', 'm', 'S', 'f') and ${ours}
  and ${own("pg_class", "c.oid")} and not (${column})
union all
select format('alter routine %s owner to %I', p.oid::regprocedure, :'role')
  from pg_proc p join pg_namespace n on n.oid = pronamespace
  where proowner = :me and ${ours} and ${own("pg_proc", "p.oid")}
union all
select format('alter %s %s owner to %I', case typtype when 'd' then 'domain' else 'type' end, t.oid::regtype, :'role')
  from pg_type t join pg_namespace n on n.oid = typnamespace left join pg_class c on c.oid = typrelid
  where typowner = :me and (typtype in ('d', 'e', 'r') or (typtype = 'c' and c.relkind = 'c')) and ${ours}
  and ${own("pg_type", "t.oid")}
union all
select format('alter large object %s owner to %I', oid, :'role') from pg_largeobject_metadata where lomowner = :me`;

/**
 * Lines for psql that give a database and what is in it from the administrator, as whom the service logged in before,
 * to the role. From here on the administrator's own sessions in it work as the role, so that nothing of the
 * administrator's comes about any more; those from before are ended once, and then all goes over in one transaction.
 * `set role none` makes a session the administrator's again.
 */
export const takeOver = `select exists (select from pg_database where datname = :'name') as there \\gset
\\if :there
select format('alter role %I in database %I set role = %L', session_user, :'name', :'role') \\gexec
select format('alter database %I owner to %I', datname, :'role') from pg_database
  where datname = :'name' and pg_get_userbyid(datdba) = session_user \\gexec
\\connect :"name"
set role none;
set lock_timeout = '10s';
set search_path = '';
select oid as me from pg_roles where rolname = session_user \\gset
select count(*) > 0 as left from (${statements}) as statement \\gset
\\if :left
select pg_terminate_backend(pid, 5000) from pg_stat_activity
  where datname = :'name' and usename = session_user and pid <> pg_backend_pid();
begin;
${statements} \\gexec
commit;
\\endif
\\connect postgres
\\endif`;
