import type { ExecutionContext } from 'ava';
import { grant, install } from '../../../src/install';
import { createDatabase, type TestAccount, type TestDatabase } from '../../support/database';

export interface TestInstallation extends TestDatabase {
  /** An application's account with its own requirements for a login. */
  readonly account: TestAccount;
}

/** @param alteration returns the end of an `ALTER USER` for the account */
export async function createInstallation(
  t: ExecutionContext,
  alteration: (password: string) => string,
): Promise<TestInstallation> {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const account = await database.createAccount();
  await grant({ connection: database.url }, account.name);
  await database.query(`ALTER USER ${account.name} ${alteration(passwordOf(account.url))}`);
  return { ...database, account };
}

export function passwordOf(url: string): string {
  return decodeURIComponent(new URL(url).password);
}
