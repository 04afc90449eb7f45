import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { type Ends, inBatches, type Keeper, type Keeping } from './keeper';

const patience = 120_000;

// Spread, as the ends of sessions are that began at any time.
const seconds: Record<Ends, string> = {
  live: '(86400 - CRC32(n) MOD 3600)',
  expired: '-(1 + CRC32(n) MOD 43200)',
};

export async function mysqlKeeper({ url, table, text, data = '?' }: Keeping): Promise<Keeper> {
  const connection = await createConnection(url);
  const database = new URL(url).pathname.slice(1);
  return {
    fill: (from, to, ends) =>
      inBatches(from, to, (first, last) =>
        connection.query(
          table.fill(numbers(first, last), { id: mysqlId('n'), seconds: seconds[ends], data }),
          [text],
        ),
      ),
    settle: () => settle(connection, table.name),
    bytes: () => bytesOf(connection, `${database}/${table.name}`),
    expired: async () =>
      Number(await ask(connection, `SELECT COUNT(*) FROM ${table.name} WHERE ${table.expired}`)),
    deadlocks: () => deadlocks(connection),
    close: () => connection.end(),
  };
}

/** The id of a session with this number, as `idOf` makes it. */
export function mysqlId(number: string): string {
  return `LEFT(SHA2(${number}, 224), 32)`;
}

/** A query whose rows have the numbers from the one to the other as `n`, at most 100,000 of them. */
export function numbers(first: number, last: number): string {
  const digits = Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS d`).join(' UNION ALL ');
  const tables = [1, 10, 100, 1_000, 10_000];
  return `SELECT ${first} + ${tables.map((weight) => `${weight} * t${weight}.d`).join(' + ')} AS n
    FROM ${tables.map((weight) => `(${digits}) AS t${weight}`).join(', ')} HAVING n <= ${last}`;
}

/** The bytes of a table's file. */
export async function bytesOf(connection: Connection, name: string): Promise<number> {
  const view = await ask(
    connection,
    `SELECT table_name FROM information_schema.tables WHERE table_schema = 'information_schema'
     AND table_name IN ('INNODB_SYS_TABLESPACES', 'INNODB_TABLESPACES')`,
  );
  return Number(
    await ask(connection, `SELECT file_size FROM information_schema.${view} WHERE name = '${name}'`),
  );
}

/** Waits until deleted rows are purged, and counts what is there for the optimizer. */
export async function settle(connection: Connection, table: string): Promise<void> {
  await connection.query(`ANALYZE TABLE ${table}`);
  await purged(connection, 10_000);
}

/** Waits until no more transactions than this are left whose deleted rows are to be purged. */
export async function purged(connection: Connection, atMost: number): Promise<void> {
  const deadline = Date.now() + patience;
  const backlog = `SELECT count FROM information_schema.innodb_metrics WHERE name = 'trx_rseg_history_len'`;
  while (Number(await ask(connection, backlog)) > atMost && Date.now() < deadline) await sleep(500);
}

// MariaDB tells in its status, and MySQL among its metrics.
async function deadlocks(connection: Connection): Promise<number | undefined> {
  const [[status]] = await connection.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'");
  if (status) return Number(status.Value);
  const count = await ask(
    connection,
    `SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks' AND status = 'enabled'`,
  );
  return count === undefined ? undefined : Number(count);
}

async function ask(connection: Connection, sql: string): Promise<unknown> {
  const [[row]] = await connection.query<RowDataPacket[][]>({ sql, rowsAsArray: true });
  return row?.[0];
}
