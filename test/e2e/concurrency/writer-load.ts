import { randomUUID } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import { openDatabase } from '../../support/database';
import { get, serve } from '../../support/http';
import { createInstallation, openStore, session } from '../../support/store';
import { waitUntil } from '../../support/wait-until';
import { type CountResult, counterApp, countInParallel, startCounting } from './counter-app';
import { type LockStatus, lockStatus } from './lock-status';
import { CallRecorder } from './parallel';
import { failuresOf } from './session-app';

const storeCount = 5;

/** The number of writers that can write at the same time: a store's pool has 10 connections. */
export const writerCount = storeCount * 10;

/** Serves a counter app for each store, and returns their origins. */
function serveWriters(t: ExecutionContext, accountUrl: string): Promise<string[]> {
  return Promise.all(
    Array.from({ length: storeCount }, () => serve(t, counterApp(openStore(t, accountUrl)))),
  );
}

export interface WriteResult extends CountResult {
  /** The errors of all calls. */
  readonly failures: readonly string[];
}

export interface WriterLoadResult extends WriteResult, LockStatus {
  /** Milliseconds that the longest call lasted. */
  readonly longest: number;
  /** The number of touches of the session. */
  readonly touches: number;
  /** The number of expired sessions that cleanups deleted. */
  readonly deleted: number;
}

/** Runs all writers on one session. Touches it and cleans up other sessions at the same time. */
export async function runWriters(t: ExecutionContext, rounds: number): Promise<WriterLoadResult> {
  const installation = await createInstallation(t, ['application']);
  const { accountUrl } = installation;
  const origins = await serveWriters(t, accountUrl);
  // With touchAfter 0, each touch reaches the server.
  const touchOrigin = await serve(t, counterApp(openStore(t, accountUrl, { touchAfter: 0 })));
  const cleaner = openStore(t, accountUrl);

  const recorder = new CallRecorder();
  let isOver = false;
  async function repeatUntilOver(call: () => Promise<unknown>): Promise<void> {
    while (!isOver) {
      await recorder.record(call);
    }
  }

  const cookie = await startCounting(origins);
  let [touches, deleted] = [0, 0];
  const [result] = await Promise.all([
    countInParallel({ origins, workers: writerCount, rounds }, cookie, recorder).finally(() => {
      isOver = true;
    }),
    repeatUntilOver(async () => {
      await get(`${touchOrigin}/counts`, cookie);
      touches++;
    }),
    repeatUntilOver(async () => {
      await cleaner.set(randomUUID(), session(undefined, 5));
      deleted += await cleaner.gc();
    }),
  ]);
  return {
    ...result,
    ...(await lockStatus(installation)),
    failures: [...recorder.failures, ...(await failuresOf([...origins, touchOrigin]))],
    longest: recorder.longest,
    touches,
    deleted,
  };
}

/** Locks the row of a session until all writers wait for it. Each writer writes once. */
export async function runQueuedWriters(t: ExecutionContext): Promise<WriteResult> {
  const installation = await createInstallation(t, ['application']);
  const origins = await serveWriters(t, installation.accountUrl);
  const cookie = await startCounting(origins);
  const recorder = new CallRecorder();
  const result = await openDatabase(t, installation.url).withConnection(async ({ query }) => {
    await query('START TRANSACTION');
    await query('SELECT sid FROM sessions FOR UPDATE');
    const counting = countInParallel(
      { origins, workers: writerCount, rounds: 1 },
      cookie,
      recorder,
    );
    await waitUntil(async () => (await lockStatus(installation)).waiting === writerCount);
    await query('COMMIT');
    return counting;
  });
  return { ...result, failures: [...recorder.failures, ...(await failuresOf(origins))] };
}
