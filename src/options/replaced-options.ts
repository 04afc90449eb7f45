const createTable =
  'a DBA creates the table with `knex-mysql-session migrate`; tests can call `install()` of ' +
  'knex-mysql-session/install';
const nameTable = '`migrate --table NAME` names the table; for its routines, set `routinePrefix`';
const nameSid = '`migrate --sid-column NAME` names the column';
const otherColumns = 'leave it out: only the name of the id column can be chosen';
const cleanupInterval =
  'use `cleanupInterval`, in milliseconds, or `disableDbCleanup: true` to turn the cleanup off';
const ttl = 'use `ttl`, in milliseconds';
const connection = 'put it into `connection`';
const connectionUrl = 'use `connection`';
const destroyedEvent = 'listen to the event `destroyed`';
const encryption = 'use `encryption`';
const instance = 'pass a knex instance for mysql2 as `knex`';
const pool = 'set it in the `pool` of a knex instance, and pass that as `knex`';
const ready = 'leave it out, and call `ready()`: it fails at once if nothing is installed';
const serializer = 'use `serializer`, an object with `stringify` and `parse`';
const timestamps = 'leave it out: `created_at` and `updated_at` are always kept';

/** The names of options of other stores, in lower case, and what to do instead of setting them. */
export const replacedOptions: Readonly<Record<string, string>> = {
  additional_name: otherColumns,
  autoremove: cleanupInterval,
  autoremoveinterval: cleanupInterval,
  browsersessionlifetime: ttl,
  charset: 'leave it out: it is always utf8mb4',
  checkexpirationinterval: cleanupInterval,
  checkperiod: cleanupInterval,
  clearexpired: 'use `disableDbCleanup: true` to turn the cleanup off',
  clearinterval: cleanupInterval,
  client: 'pass a knex instance as `knex`, or a URL as `connection`',
  clientpromise: instance,
  collectionname: nameTable,
  connectionlimit: pool,
  conobject: connectionUrl,
  constring: connectionUrl,
  createdatabasetable: createTable,
  createtable: createTable,
  createtableifmissing: createTable,
  crypto: encryption,
  cryptoadapter: encryption,
  database: connection,
  dbname: connection,
  disabletouch: 'leave it out: `touchAfter` skips touches that are not needed',
  disablettl: 'leave it out: each session has a lifetime, from its cookie or the option `ttl`',
  dispose: destroyedEvent,
  endconnectiononclose: 'leave it out: `close()` closes what the store opened, and nothing else',
  errorlog: 'use `onDbCleanupError`',
  expiration: ttl,
  expire_at_name: otherColumns,
  gc_interval: cleanupInterval,
  gcfrequency: cleanupInterval,
  host: connection,
  idletimeout: pool,
  max: 'leave it out: a table holds all sessions; `limitBy` limits those of a user',
  max_age: ttl,
  maxage: ttl,
  maxidle: pool,
  mongooptions: connectionUrl,
  mongourl: connectionUrl,
  nodisposeonset: destroyedEvent,
  password: connection,
  pgpromise: instance,
  pool: 'pass a knex instance as `knex`, with its pool',
  port: connection,
  prefix: 'use `routinePrefix` for the names of the routines; ids have no prefix',
  prunesessioninterval: cleanupInterval,
  prunesessionrandomizedinterval: 'leave it out: the interval varies by 10 %',
  queuelimit: pool,
  scancount: 'leave it out: `all` and `ids` read pages of the primary key',
  schemaname: 'use `schema`, the name of the database with the routines',
  schemas: 'a DBA adds an attribute with `knex-mysql-session attribute add`',
  serialize: serializer,
  sid_name: nameSid,
  sidfieldname: nameSid,
  stale: 'leave it out: an expired session is never returned',
  stringify: serializer,
  sync: createTable,
  sync_timeout: ready,
  synctimeout: ready,
  table_name: nameTable,
  tablename: nameTable,
  timestamps,
  transformid: 'use `hashIds: true`, which stores the SHA-256 of each id',
  unserialize: serializer,
  uri: connectionUrl,
  url: connectionUrl,
  user: connection,
  waitforconnections: pool,
  writeoperationoptions: 'leave it out: a save is answered after the commit',
};
