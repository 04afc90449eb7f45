import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Browser } from '../../../examples/demo/browser';
import { type RunningProgram, startProgram } from '../../../examples/demo/program';
import { openDatabase } from '../../support/database';
import type { Scope } from '../../support/scope';
import { createInstallation, type TestInstallation } from '../../support/store';

const root = join(__dirname, '../../..');

/** An example that runs with an account that has the role application only. */
export interface Example extends RunningProgram {
  readonly database: TestInstallation;
  browser(userAgent?: string): Browser;
  /** Starts another process of the example on the same database. */
  again(): Promise<Example>;
}

/** Starts an example on a new installation. Stops it after the test. */
export async function startExample(
  t: Scope,
  file: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Example> {
  return startExampleOn(t, await createInstallation(t, ['application']), file, env);
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
    browser: (userAgent) => new Browser(program.url, userAgent),
    again: () => startExampleOn(t, database, file, env),
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

/** Returns the databases, accounts and connections that a demo has left on the server. */
export async function leftoversOf(t: Scope, demo: RunningProgram): Promise<string[]> {
  const [name] = /demo_[0-9a-f]{8}/.exec(demo.output()) ?? [];
  if (name === undefined) {
    throw new Error(`The demo printed no name of its database:\n${demo.output()}`);
  }
  const administrator = openDatabase(t, process.env.MYSQL_URL ?? '');
  const databases = await administrator.query('SHOW DATABASES');
  const accounts = await administrator.query('SELECT user FROM mysql.user');
  const connections = await administrator.query('SHOW PROCESSLIST');
  return [databases, accounts, connections].flatMap((rows) =>
    rows.map((row) => row.join(' ')).filter((row) => row.includes(name)),
  );
}
