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
const pool = 'set it in the `pool` of a knex instance, and pass that as `knex`';
const ready = 'leave it out, and call `ready()`: it fails at once if nothing is installed';
const timestamps = 'leave it out: `created_at` and `updated_at` are always kept';

/** The names of options of other stores, in lower case, and what to do instead of setting them. */
export const replacedOptions: Readonly<Record<string, string>> = {
  additional_name: otherColumns,
  autoremove: cleanupInterval,
  autoremoveinterval: cleanupInterval,
  browsersessionlifetime: ttl,
  charset: 'leave it out: it is always utf8mb4',
  checkexpirationinterval: cleanupInterval,
  clearexpired: 'use `disableDbCleanup: true` to turn the cleanup off',
  clearinterval: cleanupInterval,
  client: 'pass a knex instance as `knex`, or a URL as `connection`',
  conobject: connectionUrl,
  connectionlimit: pool,
  constring: connectionUrl,
  createdatabasetable: createTable,
  createtable: createTable,
  createtableifmissing: createTable,
  crypto: 'use `encryption`',
  database: connection,
  disabletouch: 'leave it out: `touchAfter` skips touches that are not needed',
  disablettl: 'leave it out: each session has a lifetime, from its cookie or the option `ttl`',
  endconnectiononclose: 'leave it out: `close()` closes what the store opened, and nothing else',
  errorlog: 'use `onDbCleanupError`',
  expiration: ttl,
  expire_at_name: otherColumns,
  gc_interval: cleanupInterval,
  gcfrequency: cleanupInterval,
  host: connection,
  idletimeout: pool,
  max_age: ttl,
  maxage: ttl,
  maxidle: pool,
  mongourl: connectionUrl,
  password: connection,
  pool: 'pass a knex instance as `knex`, with its pool',
  port: connection,
  prefix: 'use `routinePrefix` for the names of the routines; ids have no prefix',
  prunesessioninterval: cleanupInterval,
  queuelimit: pool,
  schemas: 'a DBA adds an attribute with `knex-mysql-session attribute add`',
  serialize: 'use `serializer`, an object with `stringify` and `parse`',
  sid_name: nameSid,
  sidfieldname: nameSid,
  stringify: 'use `serializer`, an object with `stringify` and `parse`',
  sync: createTable,
  sync_timeout: ready,
  synctimeout: ready,
  table_name: nameTable,
  tablename: nameTable,
  timestamps,
  uri: connectionUrl,
  url: connectionUrl,
  user: connection,
  waitforconnections: pool,
};
