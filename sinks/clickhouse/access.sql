-- Who may ask a ClickHouse server, and how much. Given once by an administrator of the server; every statement may be repeated:
--   clickhouse-client --multiquery < sinks/clickhouse/access.sql
-- and then, for each person: CREATE USER ann IDENTIFIED BY '…' DEFAULT ROLE commerce_analyst SETTINGS PROFILE 'commerce_analyst'
-- The database is that of COMMERCE_CLICKHOUSE_DATABASE, by default commerce. The local engine has no users: its front enforces the same by request.
CREATE ROLE IF NOT EXISTS commerce_analyst;

GRANT SELECT, SHOW TABLES, SHOW COLUMNS ON commerce.* TO commerce_analyst;

-- readonly = 2: nothing can be changed but settings of the question, and those within these bounds.
CREATE SETTINGS PROFILE IF NOT EXISTS commerce_analyst SETTINGS
  readonly = 2,
  max_execution_time = 30 MIN 1 MAX 60,
  max_memory_usage = 2000000000 MIN 1 MAX 2000000000,
  max_result_rows = 1000000 MIN 1 MAX 1000000,
  max_result_bytes = 1000000000 MIN 1 MAX 1000000000,
  max_rows_to_read = 2000000000 MIN 1 MAX 2000000000,
  max_concurrent_queries_for_user = 4 MIN 1 MAX 4
  TO commerce_analyst;

CREATE QUOTA IF NOT EXISTS commerce_analyst KEYED BY user_name
  FOR INTERVAL 1 minute MAX queries = 60,
  FOR INTERVAL 1 hour MAX queries = 600, result_rows = 50000000, execution_time = 1800
  TO commerce_analyst;
