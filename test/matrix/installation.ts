import type { ExecutionContext } from 'ava';
import { createConnection } from 'mysql2/promise';
import { grant, install, type Naming, plan } from '../../src/install';
import { createDatabase, type TestDatabase } from '../database';
import { splitScript } from '../install/client';

/** An installation, its names, and an account that may do nothing but what its roles allow. */
export interface TestInstallation extends TestDatabase {
  readonly naming: Required<Naming>;
  readonly accountUrl: string;
}

/** How it is installed, over connections that are set as badly as can be. */
const ways = {
  install: async (uri, naming) => {
    await install({ connection: { uri, charset: 'sjis' }, ...naming });
  },
  'the script of plan': async (uri, naming) => {
    const connection = await createConnection({ uri, charset: 'gbk' });
    try {
      await connection.query("SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'");
      for (const statement of splitScript(await plan({ connection: uri, ...naming }))) {
        await connection.query(statement);
      }
    } finally {
      await connection.end();
    }
  },
} as const satisfies Record<string, (uri: string, naming: Naming) => Promise<void>>;

export type Way = keyof typeof ways;

export const wayNames = Object.keys(ways) as Way[];

// Words that only their backticks keep from being SQL, and a character that a replacement could take for its own.
const names: Record<Way, Required<Naming>> = {
  install: { table: 'sessions', prefix: 'sess_', sidColumn: 'sid' },
  'the script of plan': { table: 'Order', prefix: 'Select$1_', sidColumn: 'group' },
};

export async function createInstallation(
  t: ExecutionContext,
  way: Way = 'install',
  collation: string | null = null,
): Promise<TestInstallation> {
  const database = await createDatabase(t);
  if (collation !== null) {
    await database.query(`ALTER DATABASE ${database.name} COLLATE ${collation}`);
  }
  const naming = names[way];
  await ways[way](database.url, naming);
  const account = await database.createAccount();
  for (const role of ['application', 'operator'] as const) {
    await grant({ connection: database.url, ...naming }, account.name, role);
  }
  return { ...database, naming, accountUrl: account.url };
}
