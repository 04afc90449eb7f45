import { formWithButton, type Page } from '../../../examples/demo/browser';
import { addAttribute, grant, install, type Role } from '../../../src/install';
import { createDatabase } from '../../support/database';
import type { Scope } from '../../support/scope';
import type { TestInstallation } from '../../support/store';
import { type Example, startExampleOn } from './example';

/** The example application. */
export const appFile = 'examples/app/main.ts';

/** Starts the application with an account that has the roles in the README only. */
export async function startApp(t: Scope, env: NodeJS.ProcessEnv = {}): Promise<Example> {
  return startExampleOn(t, await createAppDatabase(t), appFile, env);
}

/** Creates the database of the application, and its account. */
export async function createAppDatabase(
  t: Scope,
  roles: readonly Role[] = ['application', 'find_user_id', 'destroy_user_id'],
): Promise<TestInstallation> {
  const database = await createDatabase(t);
  const options = { connection: database.url };
  await install(options);
  await addAttribute(options, { name: 'user_id', path: '$.userId', type: 'VARCHAR(64)' });
  const account = await database.createAccount();
  for (const role of roles) {
    await grant(options, account.name, role);
  }
  return { ...database, accountUrl: account.url };
}

/** Returns the hidden fields of the form that has the button. */
export function hiddenFields({ body }: Page, button: string): Readonly<Record<string, string>> {
  return formWithButton(body, button).hidden;
}

export function isSignedIn({ body }: Page): boolean {
  return body.includes('Signed in as <strong>');
}

export function isSignedOut({ body }: Page): boolean {
  return body.includes('You are not signed in.');
}
