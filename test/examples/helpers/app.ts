import { addAttribute, grant, install } from '../../../src/install';
import { createDatabase } from '../../database';
import type { Scope } from '../../scope';
import type { TestInstallation } from '../../store';
import { type Example, startExampleOn } from './example';

/** The example application. */
export const file = 'examples/app/main.ts';

/** Starts it as an account with the rights that the README gives it, and nothing else. */
export async function startApp(t: Scope, env: NodeJS.ProcessEnv = {}): Promise<Example> {
  return startExampleOn(t, await createAppDatabase(t), file, env);
}

async function createAppDatabase(t: Scope): Promise<TestInstallation> {
  const database = await createDatabase(t);
  const options = { connection: database.url };
  await install(options);
  await addAttribute(options, { name: 'user_id', path: '$.userId', type: 'VARCHAR(64)' });
  const account = await database.createAccount();
  for (const role of ['application', 'find_user_id', 'destroy_user_id'] as const) {
    await grant(options, account.name, role);
  }
  return { ...database, accountUrl: account.url };
}
