import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { RoutineClient } from '../../../src/routines/routine-client';
import { openDatabase } from '../../support/database';
import { createInstallation, type TestInstallation } from '../../support/store';
import { type LockStatus, lockStatus } from './lock-status';
import { CallRecorder } from './parallel';

const clientCount = 24;

/** The number of sessions that the clients use at a time. */
const sessionCount = 60;

/** In milliseconds. It is so short that sessions expire while clients use them. */
const maxLifetime = 60;

export interface CleanupLoadResult extends LockStatus {
  /** The number of calls of the clients. */
  readonly calls: number;
  /** The errors of the clients' calls. */
  readonly failures: readonly string[];
  readonly cleanupFailures: readonly string[];
}

/**
 * Cleans up expired sessions under load. At the same time, many clients create, change, touch, read
 * and destroy the same sessions.
 *
 * @param cleanUp deletes expired sessions; two loops repeat it
 * @param shouldContinue ends the load when it returns false; runs every 50 ms
 */
export async function runCleanupLoad(
  t: ExecutionContext,
  cleanUp: (installation: TestInstallation, routines: RoutineClient) => Promise<unknown>,
  shouldContinue: (locks: LockStatus) => boolean,
): Promise<CleanupLoadResult> {
  const installation = await createInstallation(t, ['application', 'cleaner']);
  const openClient = () => new RoutineClient(openDatabase(t, installation.accountUrl), 'sess_');
  const before = await lockStatus(installation);
  const locksSinceStart = async () => {
    const { deadlocks, waits, waiting } = await lockStatus(installation);
    return { deadlocks: deadlocks - before.deadlocks, waits: waits - before.waits, waiting };
  };
  const [clientCalls, cleanups] = [new CallRecorder(), new CallRecorder()];
  const sids: string[] = [randomUUID()];
  let isOver = false;
  let calls = 0;

  async function runClient(routines: RoutineClient): Promise<void> {
    for (; !isOver; calls++) {
      await clientCalls.record(() => callRandomRoutine(routines, sids));
    }
  }
  async function watchLocks(): Promise<void> {
    while (shouldContinue(await locksSinceStart())) {
      await sleep(50);
    }
    isOver = true;
  }
  const cleaners = [openClient(), openClient()].map(async (routines) => {
    while (!isOver) {
      await cleanups.record(() => cleanUp(installation, routines));
    }
  });
  const [first, second] = [openClient(), openClient()];
  await Promise.all([
    ...Array.from({ length: clientCount }, (_, index) => runClient(index % 2 ? first : second)),
    ...cleaners,
    watchLocks(),
  ]);
  return {
    ...(await locksSinceStart()),
    calls,
    failures: clientCalls.failures,
    cleanupFailures: cleanups.failures,
  };
}

function callRandomRoutine(routines: RoutineClient, sids: string[]): Promise<unknown> {
  const randomSid = () => sids[Math.floor(sids.length * Math.random())] ?? '';
  const sid = randomSid();
  const ttlMs = randomLifetime();
  switch (Math.floor(10 * Math.random())) {
    case 0:
    case 1:
    case 2:
      return routines.set(replaceOldest(sids), '{}', ttlMs);
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
        Array.from({ length: 16 }, () => ({ sid: randomSid(), ttlMs: randomLifetime() })),
      );
  }
}

/** Replaces the oldest id by a new one, and returns the new one. */
function replaceOldest(sids: string[]): string {
  const sid = randomUUID();
  sids.push(sid);
  sids.splice(0, sids.length - sessionCount);
  return sid;
}

function randomLifetime(): number {
  return 1 + Math.floor(maxLifetime * Math.random());
}
