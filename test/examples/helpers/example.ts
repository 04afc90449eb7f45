import { Browser } from '../../../examples/demo/browser';
import { type RunningProgram, startProgram } from '../../../examples/demo/program';
import type { Scope } from '../../scope';
import { createInstallation, type TestInstallation } from '../../store';
import { assertBuilt } from './built';

/** An example that runs as an account with the role application and nothing else. */
export interface Example extends RunningProgram {
  readonly database: TestInstallation;
  browser(userAgent?: string): Browser;
  /** Starts it once more, in another process, on the same database. */
  again(): Promise<Example>;
}

/** Starts an example, and ends it when the test is over. */
export async function startExample(t: Scope, file: string, env: NodeJS.ProcessEnv = {}): Promise<Example> {
  return startExampleOn(t, await createInstallation(t, ['application']), file, env);
}

/** Starts an example on what is installed already. */
export async function startExampleOn(
  t: Scope,
  database: TestInstallation,
  file: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Example> {
  const program = await start(t, file, {
    MYSQL_URL: database.accountUrl,
    SESSION_SECRET: 'a secret of the tests, long enough',
    PORT: '0',
    ...env,
  });
  return {
    ...program,
    database,
    browser: (userAgent) => new Browser(program.url, userAgent),
    again: () => startExampleOn(t, database, file, env),
  };
}

/** Starts a program of the examples, and ends it when the test is over. */
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
