import type { ExecutionContext } from 'ava';
import { createConnection } from 'mysql2/promise';
import { grant, install, type Naming, plan } from '../../../src/install';
import { splitScript } from '../../support/client';
import { createDatabase, type TestDatabase } from '../../support/database';

/** An installation, its names, and an account with the roles application and operator only. */
export interface TestInstallation extends TestDatabase {
  readonly naming: Required<Naming>;
  readonly accountUrl: string;
}

/** Each method installs over a connection with unfavorable settings. */
const methods = {
  install: async (uri, naming) => {
    await install({ connection: { uri, charset: 'sjis' }, ...naming });
  },
  'the script of plan': async (uri, naming) => {
    const connection = await createConnection({ uri, charset: 'gbk' });
    try {
      await connection.query(
        "SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'",
      );
      for (const statement of splitScript(await plan({ connection: uri, ...naming }))) {
        await connection.query(statement);
      }
    } finally {
      await connection.end();
    }
  },
} as const satisfies Record<string, (uri: string, naming: Naming) => Promise<void>>;

export type InstallMethod = keyof typeof methods;

export const installMethods = Object.keys(methods) as InstallMethod[];

// The second method uses SQL keywords, and `$1`, which has a meaning in a replacement text.
const names: Record<InstallMethod, Required<Naming>> = {
  install: { table: 'sessions', prefix: 'sess_', sidColumn: 'sid' },
  'the script of plan': { table: 'Order', prefix: 'Select$1_', sidColumn: 'group' },
};

export async function createInstallation(
  t: ExecutionContext,
  method: InstallMethod = 'install',
  collation: string | null = null,
): Promise<TestInstallation> {
  const database = await createDatabase(t);
  if (collation !== null) {
    await database.query(`ALTER DATABASE ${database.name} COLLATE ${collation}`);
  }
  const naming = names[method];
  await methods[method](database.url, naming);
  const account = await database.createAccount();
  for (const role of ['application', 'operator'] as const) {
    await grant({ connection: database.url, ...naming }, account.name, role);
  }
  return { ...database, naming, accountUrl: account.url };
}
