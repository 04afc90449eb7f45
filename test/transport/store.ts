import type { ExecutionContext } from 'ava';
import { MySQLSessionStore, type StoreOptions } from '../../src';
import { session } from '../store';

export type Connection = NonNullable<StoreOptions['connection']>;

export function openStore(t: ExecutionContext, connection: Connection): MySQLSessionStore {
  const store = new MySQLSessionStore({ connection, disableDbCleanup: true });
  t.teardown(() => store.close());
  return store;
}

/** Claims that a session comes back over such a connection. */
export async function keepsASession(t: ExecutionContext, connection: Connection): Promise<void> {
  const store = openStore(t, connection);
  await store.set('a', session('kept'));
  t.is((await store.get('a'))?.value, 'kept');
}
