/** One entry of the table: what happened, why it matters, how to get on. `{name}` is filled from the context. */
interface OpsErrorEntry { readonly what: string, readonly why: string, readonly how: string }

/**
 * Every failure that a person running the platform can meet, as one clear line each. The table is the documentation:
 * docs/errors.md is generated from it.
 */
export const opsErrors = {
  OPS_CONFIG_INVALID: {
    what: 'the configuration is not valid: {problem}',
    why: 'every setting is checked before anything starts',
    how: 'correct the environment variable or the .env file; docs/configuration.md lists all settings'
  },
  OPS_OPTION_INVALID: {
    what: 'the command line is not valid: {problem}',
    why: 'every option is checked before anything starts',
    how: 'give the same command with --help for what it takes'
  },
  OPS_DATA_DIR_UNUSABLE: {
    what: 'the data folder {path} cannot be used: {problem}',
    why: 'data, keys and logs are kept there',
    how: 'make it writable for this user, or name another one with --data-dir or COMMERCE_DATA_DIR'
  },
  OPS_BROKER_UNREACHABLE: {
    what: 'the log cannot be reached: {problem}',
    why: 'this command works on the log of a platform that runs',
    how: 'start the platform (`npm start`) or its services (`npm run stack:up`), give the data folder and the ports that it was started with, or name its brokers by COMMERCE_BROKERS'
  },
  OPS_SQL_REFUSED: {
    what: 'there is no answer to this query: {problem}',
    why: '`npm run sql` asks one question at a time, and changes nothing',
    how: 'correct the query; docs/analytics.md describes tables and views'
  },
  OPS_SQL_UNREACHABLE: {
    what: 'ClickHouse cannot be asked: {problem}',
    why: '`npm run sql` asks the ClickHouse of the running platform',
    how: 'start the platform (`npm start`) or its services (`npm run stack:up`), or name another one by COMMERCE_CLICKHOUSE_URL'
  },
  OPS_REBUILD_UNPROVEN: {
    what: 'the copy of {bucket} does not hold what the log holds: {log} records, {copy} rows, {distinct} of them different',
    why: 'rows are put in place only when each record of the log is one row, with the checksum of its bytes',
    how: 'nothing of this bucket was changed; give the command again, and look at the log of ClickHouse when it happens again'
  },
  OPS_RUN_STALLED: {
    what: 'the run does not move: {open} orders are open ({examples})',
    why: 'no order event arrived for minutes, so a processor is down or stuck',
    how: 'look at /health/ready and the log lines above; the same command goes on where this one stopped'
  },
  OPS_STREAMS_FAILED: {
    what: 'nothing can run in this process any more: {problem}',
    why: 'a process that lives on without work looks like one that works, to people and to what supervises it',
    how: 'if another process has its --instance name, leave it ended; else start it again: it goes on where it stopped'
  },
  OPS_TASK_FAILED: {
    what: 'task {task} cannot go on: {problem}',
    why: 'no other task does its work, so what was played never comes to its end',
    how: 'do what the line says, or look at {log}; then give the same command again: it goes on where this one stopped'
  },
  OPS_IMPORT_FILE_UNREADABLE: {
    what: 'the file {file} cannot be read: {problem}',
    why: '--input names a CSV file of invoices on this machine, plain or gzipped, which is read twice',
    how: 'name a file that is there and that this user may read'
  },
  OPS_IMPORT_NOT_CSV: {
    what: 'the file {file} is not a CSV file: {problem}',
    why: 'an import reads text in UTF-8 with commas between the columns, plain or gzipped',
    how: 'save or export it as CSV (UTF-8), then start again'
  },
  OPS_IMPORT_GZIP_BROKEN: {
    what: 'the file {file} does not unpack: {problem}',
    why: 'it begins as a gzip file does, but was cut off or changed afterwards',
    how: 'fetch it again, and compare size and checksum with those of its source'
  },
  OPS_IMPORT_COLUMNS_WRONG: {
    what: 'the file {file} cannot be imported: line {line} {problem}',
    why: 'the first line names the columns, in any order: InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country',
    how: 'give the columns these names, with commas between them, then start again'
  },
  OPS_IMPORT_NOTHING: {
    what: 'the file {file} has nothing to import: {problem}',
    why: 'an import needs at least one row that can be read',
    how: 'name the file that holds the rows; docs/import.md shows what they look like'
  },
  OPS_IMPORT_ROW_BAD: {
    what: 'the file {file} cannot be imported: line {line}, column {column}: {problem}',
    why: 'every row is checked before anything is sent; nothing has been',
    how: 'correct the row and start again, or leave out every bad row with --skip-bad'
  },
  OPS_IMPORT_FILE_CHANGED: {
    what: 'the file {file} is not what it was when its rows were checked',
    why: 'something wrote to it between the first reading and the second, and what was sent may be of either',
    how: 'run `npm run stack:reset`, or name another folder with --data-dir, and start again with a file that nobody changes'
  },
  OPS_IMPORT_OTHER_RUN: {
    what: 'another import was begun in the data folder {path}: {source}, on {startedAt}',
    why: 'a data folder holds one import, because two of them would share their SKUs and customers',
    how: 'go on with that file and its options, or import this one in another folder with --data-dir'
  },
  OPS_BROKER_SECURITY_FIXED: {
    what: 'the broker of the data folder {path} was made {made} security',
    why: 'who may do what is kept in its data: without it nobody could log in, or everybody could',
    how: 'start it as it was made (--secure or COMMERCE_KAFKA_SECURE=on, or neither), or name another folder with --data-dir'
  },
  OPS_BACKUP_RUNNING: {
    what: 'the stack is not down: {service} runs',
    why: 'files that somebody writes to meanwhile are of no moment',
    how: 'run `npm run stack:down` first'
  },
  OPS_BACKUP_FOLDER: {
    what: 'nothing was copied: {path} {problem}',
    why: 'a backup goes into a new folder, and comes back into an empty one: nothing is ever written over',
    how: 'name another folder'
  },
  OPS_BACKUP_DAMAGED: {
    what: 'the backup {path} cannot be restored: {problem}',
    why: 'every file is held against its checksum before the first one is copied',
    how: 'take another copy of it, or an older backup'
  },
  OPS_REPARTITION_REFUSED: {
    what: 'the log is left as it is: {problem}',
    why: 'partitions are added to a platform that is at rest and whose every row has a home, or not at all',
    how: 'do what the line says, then give the command again: what is copied already stays'
  },
  OPS_REPARTITION_UNPROVEN: {
    what: 'the new log is not what it has to be, at {topic}-{partition}: {problem}',
    why: 'every record and every row is held against the old log before a task may start on the new one',
    how: 'take the new log away with --discard, and give the command again; the old one is as it was'
  },
  OPS_SHADOW_IMPOSSIBLE: {
    what: 'there is no shadow run of {node}: {problem}',
    why: 'it would have to be given everything that the processor was given, and change nothing',
    how: 'take another sub-topology, or a log that still has its beginning'
  },
  OPS_TOOL_MISSING: {
    what: 'there is no {tool}, and it could not be built: {problem}',
    why: 'this command runs it; it takes the one on the PATH, or builds {module} with Go',
    how: 'install {tool} and put it on the PATH, or install Go 1.26 or later'
  },
  OPS_LOAD_FAILED: {
    what: 'the load test could not be run: {problem}',
    why: 'figures of a run that did not take place would be no figures',
    how: 'start again with --keep, and read the logs in the folder that it names'
  },
  OPS_INTERRUPTED: {
    what: 'interrupted',
    why: 'a signal asked to end',
    how: 'what was started has been ended again'
  },
  OPS_NODE_TOO_OLD: {
    what: 'Node {found} is too old',
    why: 'the platform runs TypeScript directly, which needs Node 24.12 or later',
    how: 'start it through npm scripts after `npm ci` (on Linux x64 they bring their own Node), or install Node 24'
  },
  OPS_JAVA_MISSING: {
    what: 'Java was not found',
    why: 'the local provider runs Apache Kafka and the schema registry, which need Java 17 or later',
    how: 'install it (Debian: apt-get install openjdk-17-jre-headless, macOS: brew install openjdk@17), or use --provider docker or --provider memory'
  },
  OPS_JAVA_TOO_OLD: {
    what: 'Java {found} is too old',
    why: 'Apache Kafka 4 needs Java 17 or later',
    how: 'install Java 17 or later and put it first in PATH, or use --provider docker or --provider memory'
  },
  OPS_MAVEN_MISSING: {
    what: 'Maven was not found',
    why: 'the local provider downloads {artifact} with it, once',
    how: 'install it (Debian: apt-get install maven, macOS: brew install maven), or use --provider docker or --provider memory'
  },
  OPS_DOWNLOAD_FAILED: {
    what: 'Maven could not download {artifact}: {problem}',
    why: 'the local provider needs it once; later starts work offline',
    how: 'check the network, the proxy and ~/.m2/settings.xml, then start again; the whole answer is in {log}'
  },
  OPS_DOCKER_UNAVAILABLE: {
    what: 'no Docker engine answers: {problem}',
    why: '--provider docker runs Redpanda, Redis and ClickHouse as containers',
    how: 'start Docker (with the compose plugin), or use --provider local or --provider memory'
  },
  OPS_DOCKER_FAILED: {
    what: 'docker compose failed: {problem}',
    why: 'the containers of the stack did not become healthy',
    how: 'read `npm run stack:logs`, or use --provider local'
  },
  OPS_PORT_IN_USE: {
    what: 'port {port} for {service} is in use by {holder}',
    why: '{service} listens on it',
    how: 'stop that process, or set {setting} to a free port'
  },
  OPS_DISK_LOW: {
    what: 'only {freeMb} MB are free on the disk of {path}',
    why: '{neededMb} MB are needed for {purpose}',
    how: 'free some space, or set COMMERCE_DATA_DIR and COMMERCE_CACHE_DIR to another disk'
  },
  OPS_DISK_FULL: {
    what: 'the disk is full: {service} could not write',
    why: 'its log says that no space is left',
    how: 'free some space and start again; `npm run stack:reset` deletes the data of the stack. Log: {log}'
  },
  OPS_MEMORY_LOW: {
    what: 'only {availableMb} MB of memory are available',
    why: '{services} need about {neededMb} MB',
    how: 'close other programs, lower COMMERCE_KAFKA_HEAP_MB and COMMERCE_REGISTRY_HEAP_MB, or use --provider memory'
  },
  OPS_CHDB_MISSING: {
    what: 'the embedded ClickHouse engine is not installed',
    why: 'it is the optional npm package chdb, which exists for Linux and macOS on x64 and arm64',
    how: 'run `npm ci` without --omit=optional, or point COMMERCE_CLICKHOUSE_URL at a ClickHouse server'
  },
  OPS_REDIS_MISSING: {
    what: 'no Redis for {platform}',
    why: 'neither redis-server nor valkey-server (6 or later) is in PATH, and no binary is published for this platform',
    how: 'install Redis, or point COMMERCE_REDIS_URL at one'
  },
  OPS_REDIS_UNUSABLE: {
    what: 'Redis cannot be used: {problem}',
    why: 'the state of every processor is kept there',
    how: 'check COMMERCE_REDIS_URL, COMMERCE_REDIS_USER, COMMERCE_REDIS_PASSWORD and COMMERCE_REDIS_CA_FILE; what a Redis of your own has to be: docs/stack.md'
  },
  OPS_SERVICE_DIED: {
    what: '{service} ended while starting: {problem}',
    why: 'its log ends there',
    how: 'read {log}; `npm run stack:reset` starts from empty data'
  },
  OPS_SERVICE_SILENT: {
    what: '{service} did not answer within {seconds} s: {problem}',
    why: 'the process runs, but its health check never passed',
    how: 'read {log}; a slow machine can set COMMERCE_STACK_TIMEOUT_MS higher'
  },
  OPS_SERVICE_STUCK: {
    what: '{service} (pid {pid}) did not end',
    why: 'it ignored the stop signal and the kill',
    how: 'end it by hand, then run `npm run stack:down` again'
  },
  OPS_BROKERS_FIXED: {
    what: 'the data folder {path} was made with {found} broker(s), and {asked} are asked for',
    why: 'a cluster keeps who votes in it, and the number of copies of each topic, for life',
    how: 'leave out --brokers and COMMERCE_KAFKA_NODES, name another folder with --data-dir, or delete the data with `npm run stack:reset`'
  },
  OPS_KEY_ROTATING: {
    what: 'the keys in {file} were changed a short while ago',
    why: 'tokens of the key before live on, and a third key would end them',
    how: 'wait until {seconds} s have passed since the newer key signs; to end every token at once delete the file and restart the API'
  },
  OPS_KEYS_UNAVAILABLE: {
    what: 'the master key of personal data cannot be had from {place}: {problem}',
    why: 'this process seals or opens names and addresses',
    how: 'check COMMERCE_PERSONAL_KEY_FILE, or COMMERCE_KMS_URL and COMMERCE_KMS_TOKEN_FILE; put the file back from its backup: without it nothing that it sealed can ever be read'
  },
  OPS_MASTER_KEY_ROTATING: {
    what: 'there are two master keys in {file} already',
    why: 'the older one goes before a third one comes, or nobody knows which copies of the key store can still be opened',
    how: 'run `npm run keys -- rewrap`, then `npm run keys -- retire`'
  },
  OPS_MASTER_KEY_IN_USE: {
    what: '{count} data keys are still wrapped with an older master key',
    why: 'without it the personal data of as many persons could never be read again',
    how: 'run `npm run keys -- rewrap`, then `npm run keys -- retire` again'
  },
  OPS_ADMIN_PASSWORD_UNUSABLE: {
    what: 'the password file {file} of the first administrator cannot be used: {problem}',
    why: 'COMMERCE_ADMIN_PASSWORD_FILE names a file that holds a password of 12 to 200 characters, and nothing else',
    how: 'correct the file, or leave the setting empty and set the password with the token that provisioning prints'
  },
  OPS_STACK_BUSY: {
    what: 'another process (pid {pid}) is changing the stack in {path}',
    why: 'two of them would start every service twice',
    how: 'wait for it or end it, then try again'
  }
} as const satisfies Record<string, OpsErrorEntry>

export type OpsErrorCode = keyof typeof opsErrors

/** The one error class of `ops/`: its message is the line to print. Match on `code`. */
export class OpsError extends Error {
  override readonly name = 'OpsError'
  readonly code: OpsErrorCode
  readonly context: Readonly<Record<string, string | number>>

  constructor (code: OpsErrorCode, context: Readonly<Record<string, string | number>> = {}, cause?: unknown) {
    super(describe(opsErrors[code], context), cause === undefined ? undefined : { cause })
    this.code = code
    this.context = context
  }
}

function describe (entry: OpsErrorEntry, context: Readonly<Record<string, string | number>>): string {
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => String(context[name] ?? whole))
  return `${fill(entry.what)} (${fill(entry.why)}). ${fill(entry.how.charAt(0).toUpperCase() + entry.how.slice(1))}.`
}
