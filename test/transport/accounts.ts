import type { ExecutionContext } from 'ava';
import { grant, install } from '../../src/install';
import { createDatabase, type TestAccount, type TestDatabase } from '../database';

export interface TestInstallation extends TestDatabase {
  /** An application's account, which has more to its login than the others. */
  readonly account: TestAccount;
}

/** An installation whose account is changed by an ALTER USER that ends so. */
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
