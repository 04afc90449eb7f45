import type { ExecutionContext } from 'ava';
import { type KoaOptions, KoaSessionStore, type SessionOptions } from '../../src/koa';
import { createInstallation, type TestInstallation } from '../store';

export interface TestKoaStore extends TestInstallation {
  readonly store: KoaSessionStore;
  /** What was lost, in turn. */
  readonly lost: unknown[][];
}

/** A store for a middleware, on the account's connection; nothing is cleaned up behind the test's back. */
export async function createKoaStore(
  t: ExecutionContext,
  options: SessionOptions & KoaOptions = {},
): Promise<TestKoaStore> {
  const installation = await createInstallation(t);
  const store = new KoaSessionStore({
    connection: installation.accountUrl,
    disableDbCleanup: true,
    ...options,
  });
  t.teardown(() => store.close());
  const lost: unknown[][] = [];
  store.on('lost', (...event) => lost.push(event));
  return { ...installation, store, lost };
}
