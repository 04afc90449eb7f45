import type { TestDatabase } from './database';

/** A database, and the account whose connections matter. */
interface Access extends Pick<TestDatabase, 'query'> {
  readonly accountUrl: string;
}

/** A connection, as the server lists it. */
interface Process {
  readonly id: number;
  readonly user: string;
  readonly database: unknown;
  readonly command: string;
  readonly statement: string;
}

/**
 * Returns the connections of all accounts. On MySQL, `information_schema.processlist` refuses to
 * answer while a statement with a 4-byte character runs, so this asks `SHOW PROCESSLIST`.
 */
export async function processes({ query }: Pick<TestDatabase, 'query'>): Promise<Process[]> {
  return (await query('SHOW FULL PROCESSLIST')).map(
    ([id, user, , database, command, , , statement]) => ({
      id: Number(id),
      user: String(user),
      database,
      command: String(command),
      statement: String(statement),
    }),
  );
}

/** Returns the ids of all connections of the application's account. */
export async function connectionIds({ query, accountUrl }: Access): Promise<number[]> {
  const account = decodeURIComponent(new URL(accountUrl).username);
  return (await processes({ query })).filter(({ user }) => user === account).map(({ id }) => id);
}

/** Ends all connections of the application's account on the server. */
export async function killConnections(installation: Access): Promise<void> {
  for (const id of await connectionIds(installation)) {
    // The connection can have ended already.
    await installation.query(`KILL ${id}`).catch(() => undefined);
  }
}

/**
 * Returns the ids of the connections that wait for a lock on a table of a database. Asks InnoDB's
 * monitor, because `information_schema.innodb_trx` fails on MySQL as `processlist` does.
 */
export async function lockWaits({
  query,
  name,
}: Pick<TestDatabase, 'query' | 'name'>): Promise<number[]> {
  return (await transactions(query))
    .filter((text) => new RegExp(`TO BE GRANTED:\n.* table \`${name}\``).test(text))
    .map(threadIdOf);
}

/** Returns the ids of the connections that have a transaction open, of all databases. */
export async function openTransactions({ query }: Pick<TestDatabase, 'query'>): Promise<number[]> {
  return (await transactions(query)).map(threadIdOf);
}

/** Returns what InnoDB's monitor says of each open transaction. */
async function transactions(query: TestDatabase['query']): Promise<string[]> {
  const [row] = await query('SHOW ENGINE INNODB STATUS');
  const [, list = ''] = String(row?.[2]).split('LIST OF TRANSACTIONS');
  return list
    .split('---TRANSACTION ')
    .filter((text) => / thread id \d/.test(text) && !text.includes('not started'));
}

function threadIdOf(transaction: string): number {
  return Number(/ thread id (\d+)/.exec(transaction)?.[1]);
}
