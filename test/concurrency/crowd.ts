import { randomUUID } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import { createInstallation, openStore, session } from '../store';
import { ask } from './ask';
import { Calls } from './calls';
import { beginCounting, type Counting, countInLanes } from './counting';
import { countingApp } from './counting-app';
import { serve } from './listen';
import { type LockStatus, lockStatus } from './lock-status';
import { failuresOf } from './session-app';
import { serveWriters, writers } from './writers';

export interface Crowd extends Counting, LockStatus {
  /** What any call failed with. */
  readonly failures: readonly string[];
  /** Milliseconds that the longest call took. */
  readonly longest: number;
  /** How often the session was touched meanwhile. */
  readonly touches: number;
  /** How many other sessions were deleted meanwhile, as they had expired. */
  readonly deleted: number;
}

/** Has all writers write to one session, so often each, while it is touched and expired ones are deleted. */
export async function crowd(t: ExecutionContext, turns: number): Promise<Crowd> {
  const installation = await createInstallation(t, ['application']);
  const { accountUrl } = installation;
  const origins = await serveWriters(t, accountUrl);
  // Each of its touches is to reach the server.
  const toucher = await serve(t, countingApp(openStore(t, accountUrl, { touchAfter: 0 })));
  const cleaner = openStore(t, accountUrl);

  const calls = new Calls();
  let isOver = false;
  async function meanwhile(call: () => Promise<unknown>): Promise<void> {
    while (!isOver) {
      await calls.take(call);
    }
  }

  const cookie = await beginCounting(origins);
  let [touches, deleted] = [0, 0];
  const [counting] = await Promise.all([
    countInLanes({ origins, lanes: writers, turns }, cookie, calls).finally(() => {
      isOver = true;
    }),
    meanwhile(async () => {
      await ask(`${toucher}/counts`, cookie);
      touches++;
    }),
    meanwhile(async () => {
      await cleaner.set(randomUUID(), session(undefined, 5));
      deleted += await cleaner.gc();
    }),
  ]);
  return {
    ...counting,
    ...(await lockStatus(installation)),
    failures: [...calls.failures, ...(await failuresOf([...origins, toucher]))],
    longest: calls.longest,
    touches,
    deleted,
  };
}
