import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Browser } from '../../../examples/demo/browser';
import { type RunningProgram, startProgram } from '../../../examples/demo/program';
import { openDatabase } from '../../support/database';
import type { Scope } from '../../support/scope';
import type { TestInstallation } from '../../support/store';
import { eventually } from '../../support/wait-until';

const root = join(__dirname, '../../..');

/** An example that runs with an account that has the role application only. */
export interface Example extends RunningProgram {
  readonly database: TestInstallation;
  /** Whether requests of one session wait for each other inside the process. */
  readonly waitsInProcess: boolean;
  browser(userAgent?: string): Browser;
  /** Starts another process of the example on the same database. */
  again(env?: NodeJS.ProcessEnv): Promise<Example>;
}

/** Starts an example on an installation. Stops it after the test. */
export async function startExampleOn(
  t: Scope,
  database: TestInstallation,
  file: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Example> {
  const program = await start(t, file, { ...exampleEnv(database.accountUrl), ...env });
  return {
    ...program,
    database,
    waitsInProcess: file === 'examples/koa-session-minimal.ts',
    browser: (userAgent) => new Browser(program.url, userAgent),
    again: (more = {}) => startExampleOn(t, database, file, { ...env, ...more }),
  };
}

/** The environment variables that an example needs. */
export function exampleEnv(accountUrl: string): NodeJS.ProcessEnv {
  return {
    MYSQL_URL: accountUrl,
    SESSION_SECRET: 'a secret of the tests, long enough',
    PORT: '0',
  };
}

/** Starts the demo, and resolves when its application has printed its URL. */
export function startDemo(t: Scope, ...parameters: readonly string[]): Promise<RunningProgram> {
  return start(t, 'examples/demo.ts', {}, parameters);
}

/** Starts a program of the examples. Stops it after the test. */
export async function start(
  t: Scope,
  file: string,
  env: NodeJS.ProcessEnv = {},
  parameters: readonly string[] = [],
): Promise<RunningProgram> {
  assertBuilt();
  const program = await startProgram(file, env, parameters);
  t.teardown(() => program.stop());
  return program;
}

/** The examples import the package by its name, so they run the build in dist. */
function assertBuilt(): void {
  const built = statSync(join(root, 'dist/index.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const changed = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .find((file) => statSync(join(root, 'src', file)).mtimeMs > built);
  if (changed !== undefined) {
    throw new Error(`src/${changed} is newer than dist. Run: npm run build`);
  }
}

/** Returns the databases, accounts and connections that an ended demo has left on the server. */
export async function leftoversOf(t: Scope, demo: RunningProgram): Promise<string[]> {
  const [name] = /demo_[0-9a-f]{8}/.exec(demo.output()) ?? [];
  if (name === undefined) {
    throw new Error(`The demo printed no name of its database:\n${demo.output()}`);
  }
  const administrator = openDatabase(t, process.env.MYSQL_URL ?? '');
  const find = async (statement: string) => {
    const rows = await administrator.query(statement);
    return rows.map((row) => row.join(' ')).filter((row) => row.includes(name));
  };
  const databases = await find('SHOW DATABASES');
  const accounts = await find('SELECT user FROM mysql.user');
  // The server needs a little time to notice the end of a connection.
  await eventually(async () => (await find('SHOW PROCESSLIST')).length === 0);
  return [...databases, ...accounts, ...(await find('SHOW PROCESSLIST'))];
}
