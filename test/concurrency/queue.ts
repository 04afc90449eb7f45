import type { ExecutionContext } from 'ava';
import { openDatabase } from '../database';
import { createInstallation } from '../store';
import { until } from '../until';
import { Calls } from './calls';
import { beginCounting, type Counting, countInLanes } from './counting';
import { lockStatus } from './lock-status';
import { failuresOf } from './session-app';
import { serveWriters, writers } from './writers';

export interface Queue extends Counting {
  /** What any call failed with. */
  readonly failures: readonly string[];
}

/** Locks the row of a session until all writers wait for it, each to write once. */
export async function queue(t: ExecutionContext): Promise<Queue> {
  const installation = await createInstallation(t, ['application']);
  const origins = await serveWriters(t, installation.accountUrl);
  const cookie = await beginCounting(origins);
  const calls = new Calls();
  const counting = await openDatabase(t, installation.url).withConnection(async ({ query }) => {
    await query('START TRANSACTION');
    await query('SELECT sid FROM sessions FOR UPDATE');
    const begun = countInLanes({ origins, lanes: writers, turns: 1 }, cookie, calls);
    await until(async () => (await lockStatus(installation)).waiting === writers);
    await query('COMMIT');
    return begun;
  });
  return { ...counting, failures: [...calls.failures, ...(await failuresOf(origins))] };
}
