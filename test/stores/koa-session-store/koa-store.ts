import type { ExecutionContext } from 'ava';
import { type KoaOptions, KoaSessionStore, type SessionOptions } from '../../../src/koa';
import { createInstallation, patientBudget, type TestInstallation } from '../../support/store';

export interface TestKoaStore extends TestInstallation {
  readonly store: KoaSessionStore;
  /** The arguments of each event `lost`. */
  readonly lost: unknown[][];
}

/** Creates a store for a middleware, on the account's connection and without a cleanup. */
export async function createKoaStore(
  t: ExecutionContext,
  options: SessionOptions & KoaOptions = {},
): Promise<TestKoaStore> {
  const installation = await createInstallation(t);
  const store = new KoaSessionStore({
    connection: installation.accountUrl,
    disableDbCleanup: true,
    retryBudget: patientBudget,
    ...options,
  });
  t.teardown(() => store.close());
  const lost: unknown[][] = [];
  store.on('lost', (...event) => lost.push(event));
  return { ...installation, store, lost };
}
