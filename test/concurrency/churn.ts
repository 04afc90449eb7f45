import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { Routines } from '../../src/routines';
import { openDatabase } from '../database';
import { createInstallation, type TestInstallation } from '../store';
import { Calls } from './calls';
import { type LockStatus, lockStatus } from './lock-status';

const users = 24;

/** How many sessions have users at a time. */
const sessions = 60;

/** In milliseconds: they expire all the time, under the hands of their users. */
const longestLifetime = 60;

export interface Churn extends LockStatus {
  readonly calls: number;
  /** What any call of the users failed with. */
  readonly failures: readonly string[];
  /** What any cleanup failed with. */
  readonly cleanupFailures: readonly string[];
}

/**
 * Has many users begin sessions, and change, touch, read and end those of one another, all of which expire all the
 * time, while expired ones are deleted.
 *
 * @param clean deletes expired ones; asked again and again
 * @param goOn asked every 50 ms
 */
export async function churn(
  t: ExecutionContext,
  clean: (installation: TestInstallation, routines: Routines) => Promise<unknown>,
  goOn: (soFar: LockStatus) => boolean,
): Promise<Churn> {
  const installation = await createInstallation(t, ['application', 'cleaner']);
  const open = () => new Routines(openDatabase(t, installation.accountUrl), 'sess_');
  const before = await lockStatus(installation);
  const soFar = async () => {
    const { deadlocks, waits, waiting } = await lockStatus(installation);
    return { deadlocks: deadlocks - before.deadlocks, waits: waits - before.waits, waiting };
  };
  const [calls, cleaning] = [new Calls(), new Calls()];
  const sids: string[] = [randomUUID()];
  let isOver = false;
  let made = 0;

  async function use(routines: Routines): Promise<void> {
    for (; !isOver; made++) {
      await calls.take(() => act(routines, sids));
    }
  }
  async function watch(): Promise<void> {
    while (goOn(await soFar())) {
      await sleep(50);
    }
    isOver = true;
  }
  const cleaners = [open(), open()].map(async (routines) => {
    while (!isOver) {
      await cleaning.take(() => clean(installation, routines));
    }
  });
  const [one, other] = [open(), open()];
  await Promise.all([
    ...Array.from({ length: users }, (_, user) => use(user % 2 ? one : other)),
    ...cleaners,
    watch(),
  ]);
  return { ...(await soFar()), calls: made, failures: calls.failures, cleanupFailures: cleaning.failures };
}

function act(routines: Routines, sids: string[]): Promise<unknown> {
  const someSid = () => sids[Math.floor(sids.length * Math.random())] ?? '';
  const sid = someSid();
  const ttlMs = someLifetime();
  switch (Math.floor(10 * Math.random())) {
    case 0:
    case 1:
    case 2:
      return routines.set(begin(sids), '{}', ttlMs);
    case 3:
      return routines.update(sid, '{"a":1}', ttlMs);
    case 4:
      return routines.merge(sid, '["b",1]', '[]', ttlMs);
    case 5:
      return routines.merge(sid, '["b",1,"c",2]', '["a"]', null);
    case 6:
      return routines.touch(sid, ttlMs);
    case 7:
      return routines.getMany(sids);
    case 8:
      return routines.destroy(sid);
    default:
      return routines.touchMany(
        Array.from({ length: 16 }, () => ({ sid: someSid(), ttlMs: someLifetime() })),
      );
  }
}

/** A new id, in the place of the oldest one. */
function begin(sids: string[]): string {
  const sid = randomUUID();
  sids.push(sid);
  sids.splice(0, sids.length - sessions);
  return sid;
}

function someLifetime(): number {
  return 1 + Math.floor(longestLifetime * Math.random());
}
