import type { ExecutionContext } from 'ava';
import { MySQLSessionStore, type StoreOptions } from '../../../src';
import { patientBudget, session } from '../../support/store';

export type Connection = NonNullable<StoreOptions['connection']>;

export function openStore(
  t: ExecutionContext,
  connection: Connection,
  { retryBudget = patientBudget }: Pick<StoreOptions, 'retryBudget'> = {},
): MySQLSessionStore {
  const store = new MySQLSessionStore({ connection, disableDbCleanup: true, retryBudget });
  t.teardown(() => store.close());
  return store;
}

/** Asserts that a store with the connection saves and loads a session. */
export async function assertSessionIsStored(
  t: ExecutionContext,
  connection: Connection,
): Promise<void> {
  const store = openStore(t, connection);
  await store.set('a', session('kept'));
  t.is((await store.get('a'))?.value, 'kept');
}
