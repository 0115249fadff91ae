-- What a SQL Server says of itself, told by the catalogue of the PostgreSQL database behind the stand-in.
CREATE SCHEMA IF NOT EXISTS dbo;
CREATE SCHEMA sys;
CREATE SCHEMA tsql;
CREATE COLLATION tsql.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE tsql.declared (
  object_id oid NOT NULL, name text NOT NULL, kind text NOT NULL, length int NOT NULL, precision int NOT NULL,
  scale int NOT NULL, PRIMARY KEY (object_id, name));
CREATE TABLE tsql.settings (allows_snapshots boolean NOT NULL);
CREATE TABLE tsql.denied (login text NOT NULL);
CREATE TABLE tsql.owners (login text NOT NULL);

CREATE VIEW sys.schemas AS
  SELECT oid::bigint::int AS schema_id, nspname::text COLLATE tsql.ci AS name FROM pg_namespace
   WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'sys', 'tsql');
CREATE VIEW sys.objects AS
  SELECT c.oid::bigint::int AS object_id, c.relname::text COLLATE tsql.ci AS name, c.relnamespace::bigint::int AS schema_id,
         CASE c.relkind WHEN 'v' THEN 'V' ELSE 'U' END AS type
    FROM pg_class c JOIN sys.schemas s ON s.schema_id = c.relnamespace::bigint::int WHERE c.relkind IN ('r', 'v');
CREATE VIEW sys.types AS
  SELECT name, (100 + row_number() OVER (ORDER BY name))::int AS system_type_id,
         (100 + row_number() OVER (ORDER BY name))::int AS user_type_id
    FROM unnest(ARRAY['bit', 'tinyint', 'smallint', 'int', 'bigint', 'decimal', 'numeric', 'money', 'smallmoney', 'float',
      'real', 'datetime', 'smalldatetime', 'datetime2', 'datetimeoffset', 'date', 'time', 'char', 'nchar', 'varchar',
      'nvarchar', 'text', 'ntext', 'image', 'binary', 'varbinary', 'timestamp', 'uniqueidentifier']) AS t(name);
-- Of a view's columns, as far as PostgreSQL tells: those of expressions have no declaration.
CREATE VIEW tsql.columns AS
  SELECT a.attrelid, a.attname, a.attnum, a.attnotnull, a.attidentity, d.kind IS NOT NULL AS is_declared,
         coalesce(d.kind, CASE t.typname WHEN 'int2' THEN 'smallint' WHEN 'int4' THEN 'int' WHEN 'int8' THEN 'bigint'
           WHEN 'numeric' THEN 'decimal' WHEN 'date' THEN 'date' WHEN 'timestamp' THEN 'datetime2' WHEN 'uuid'
           THEN 'uniqueidentifier' WHEN 'float8' THEN 'float' WHEN 'bpchar' THEN 'nchar' WHEN 'bytea' THEN 'varbinary'
           ELSE 'nvarchar' END) AS kind,
         coalesce(d.length, CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 0 THEN a.atttypmod - 4
           WHEN t.typname IN ('text', 'varchar', 'bytea') THEN -1 ELSE 0 END) AS length,
         coalesce(d.precision, CASE WHEN t.typname = 'numeric' THEN CASE WHEN a.atttypmod > 0
           THEN (a.atttypmod - 4) >> 16 ELSE 38 END ELSE 0 END) AS precision,
         coalesce(d.scale, CASE WHEN t.typname = 'numeric' THEN CASE WHEN a.atttypmod > 0
           THEN (a.atttypmod - 4) & 2047 ELSE 2 END ELSE 0 END) AS scale,
         co.collname
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN tsql.declared d ON d.object_id = a.attrelid AND d.name = a.attname
      LEFT JOIN pg_collation co ON co.oid = a.attcollation
   WHERE a.attnum > 0 AND NOT a.attisdropped;
CREATE VIEW sys.columns AS
  SELECT c.attrelid::bigint::int AS object_id, c.attname::text COLLATE tsql.ci AS name, c.attnum::int AS column_id,
         t.system_type_id, t.user_type_id, (NOT c.attnotnull)::int::smallint AS is_nullable,
         CASE WHEN c.length = -1 THEN -1 WHEN c.kind IN ('nvarchar', 'nchar') THEN c.length * 2
           WHEN c.kind IN ('text', 'ntext', 'image') THEN 16 ELSE greatest(c.length, 1) END AS max_length,
         c.precision, c.scale, CASE WHEN f.oid IS NULL THEN 0 ELSE f.oid::bigint::int END AS default_object_id,
         CASE c.collname WHEN 'ci' THEN 'SQL_Latin1_General_CP1_CI_AS' WHEN 'C' THEN 'Latin1_General_BIN' END
           AS collation_name,
         (c.attidentity <> '')::int::smallint AS is_identity
    FROM tsql.columns c JOIN sys.types t ON t.name = c.kind
      LEFT JOIN pg_attrdef f ON f.adrelid = c.attrelid AND f.adnum = c.attnum;
CREATE VIEW sys.default_constraints AS
  SELECT oid::bigint::int AS object_id, adrelid::bigint::int AS parent_object_id, adnum::int AS parent_column_id,
         '(' || pg_get_expr(adbin, adrelid) || ')' AS definition FROM pg_attrdef;
CREATE VIEW sys.computed_columns AS
  SELECT 0 AS object_id, 0 AS column_id, ''::text AS definition, 0::smallint AS is_persisted WHERE false;
CREATE VIEW sys.identity_columns AS
  SELECT attrelid::bigint::int AS object_id, attname::text AS name, attnum::int AS column_id, 1::smallint AS is_identity,
         1 AS seed_value, 1 AS increment_value FROM pg_attribute WHERE attidentity <> '';
CREATE VIEW sys.extended_properties AS
  SELECT 1::smallint AS class, ''::text AS name, 0 AS major_id, 0 AS minor_id, ''::text AS value WHERE false;
CREATE VIEW sys.indexes AS
  SELECT indrelid::bigint::int AS object_id, c.relname::text COLLATE tsql.ci AS name, indexrelid::bigint::int AS index_id,
         2 AS type, indisunique::int::smallint AS is_unique, indisprimary::int::smallint AS is_primary_key,
         (indisunique AND EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = indexrelid AND k.contype = 'u'))::int
           ::smallint AS is_unique_constraint, NULL::text AS filter_definition, 0::smallint AS has_filter
    FROM pg_index JOIN pg_class c ON c.oid = indexrelid;
CREATE VIEW sys.index_columns AS
  SELECT i.indrelid::bigint::int AS object_id, i.indexrelid::bigint::int AS index_id, k.attnum::int AS column_id,
         k.place::int AS key_ordinal, 0::smallint AS is_included_column
    FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place);
CREATE VIEW sys.key_constraints AS
  SELECT con.oid::bigint::int AS object_id, conname::text COLLATE tsql.ci AS name, conrelid::bigint::int AS parent_object_id,
         CASE contype WHEN 'p' THEN 'PK' ELSE 'UQ' END AS type, conindid::bigint::int AS unique_index_id,
         connamespace::bigint::int AS schema_id
    FROM pg_constraint con WHERE contype IN ('p', 'u');
CREATE VIEW sys.databases AS
  SELECT current_database()::text AS name, 5 AS database_id,
         (SELECT allows_snapshots::int::smallint FROM tsql.settings) AS snapshot_isolation_state,
         1::smallint AS is_read_committed_snapshot_on, 'SQL_Latin1_General_CP1_CI_AS'::text AS collation_name;
CREATE VIEW sys.triggers AS
  SELECT tgname::text COLLATE tsql.ci AS name, tgrelid::bigint::int AS parent_id, (tgenabled = 'D')::int::smallint
         AS is_disabled, (tgtype & 64 <> 0)::int::smallint AS is_instead_of_trigger
    FROM pg_trigger WHERE NOT tgisinternal AND NOT EXISTS (SELECT 1 FROM tsql.denied);
CREATE VIEW sys.security_policies AS
  SELECT p.oid::bigint::int AS object_id, polname::text COLLATE tsql.ci AS name, relrowsecurity::int::smallint AS is_enabled
    FROM pg_policy p JOIN pg_class c ON c.oid = polrelid WHERE NOT EXISTS (SELECT 1 FROM tsql.denied);
CREATE VIEW sys.security_predicates AS
  SELECT oid::bigint::int AS object_id, polrelid::bigint::int AS target_object_id, (polcmd NOT IN ('r', '*'))::int::smallint
         AS predicate_type FROM pg_policy;

CREATE FUNCTION sys.db_id() RETURNS int LANGUAGE sql AS 'SELECT 5';
CREATE FUNCTION sys.db_name() RETURNS text LANGUAGE sql AS 'SELECT current_database()::text';
CREATE FUNCTION sys.serverproperty(what text) RETURNS text LANGUAGE sql AS $$SELECT CASE what WHEN 'ServerName' THEN 'STANDIN'
  WHEN 'Edition' THEN 'Standard Edition (64-bit)' WHEN 'ProductVersion' THEN '16.0.4105.2' END$$;
CREATE FUNCTION sys.is_srvrolemember(role text) RETURNS int LANGUAGE sql AS 'SELECT 0';
CREATE FUNCTION sys.is_member(role text) RETURNS int LANGUAGE sql
  AS $$SELECT (EXISTS (SELECT 1 FROM tsql.owners))::int$$;
CREATE FUNCTION sys.object_id(called text) RETURNS int LANGUAGE sql
  AS $$SELECT to_regclass(translate(replace(lower(called), '"', '""'), '[]', '""'))::oid::bigint::int$$;
CREATE FUNCTION sys.object_id(called text, kind text) RETURNS int LANGUAGE sql AS 'SELECT sys.object_id(called)';
CREATE FUNCTION sys.len(t text) RETURNS int LANGUAGE sql AS $$SELECT length(rtrim(t, ' '))$$;
CREATE FUNCTION sys.fn_listextendedproperty(text, text, text, text, text, text, text) RETURNS TABLE (name text, value text)
  LANGUAGE sql AS 'SELECT NULL::text, NULL::text WHERE false';
CREATE FUNCTION sys.collationproperty(collation_name text, what text) RETURNS int LANGUAGE sql AS 'SELECT 1252';
CREATE FUNCTION sys.has_perms_by_name(called text, kind text, permission text) RETURNS int LANGUAGE sql
  AS $$SELECT CASE WHEN EXISTS (SELECT 1 FROM tsql.denied) AND permission <> 'SELECT' THEN 0 ELSE 1 END$$;

CREATE SCHEMA tsql_information;
CREATE VIEW tsql_information.tables AS
  SELECT s.name AS table_schema, o.name AS table_name, (CASE o.type WHEN 'V' THEN 'VIEW' ELSE 'BASE TABLE' END)::text
         COLLATE tsql.ci AS table_type FROM sys.objects o JOIN sys.schemas s USING (schema_id);
CREATE VIEW tsql_information.key_column_usage AS
  SELECT constraint_schema::text COLLATE tsql.ci AS constraint_schema,
         constraint_name::text COLLATE tsql.ci AS constraint_name, table_schema::text COLLATE tsql.ci AS table_schema,
         table_name::text COLLATE tsql.ci AS table_name, column_name::text COLLATE tsql.ci AS column_name,
         ordinal_position::int AS ordinal_position FROM information_schema.key_column_usage;
CREATE VIEW tsql_information.referential_constraints AS
  SELECT constraint_schema::text COLLATE tsql.ci AS constraint_schema,
         constraint_name::text COLLATE tsql.ci AS constraint_name,
         unique_constraint_schema::text COLLATE tsql.ci AS unique_constraint_schema,
         unique_constraint_name::text COLLATE tsql.ci AS unique_constraint_name, match_option::text AS match_option,
         update_rule::text AS update_rule, delete_rule::text AS delete_rule
    FROM information_schema.referential_constraints;
CREATE VIEW tsql_information.table_constraints AS
  SELECT constraint_schema::text COLLATE tsql.ci AS constraint_schema,
         constraint_name::text COLLATE tsql.ci AS constraint_name, table_schema::text COLLATE tsql.ci AS table_schema,
         table_name::text COLLATE tsql.ci AS table_name, constraint_type::text COLLATE tsql.ci AS constraint_type
    FROM information_schema.table_constraints;
