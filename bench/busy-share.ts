import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Returns the share of the CPU's time that is used while this process waits, 0 to 1. */
export async function measureBusyShare(): Promise<number> {
  const before = cpuTimes();
  await sleep(3_000);
  const after = cpuTimes();
  return 1 - (after.idle - before.idle) / (after.total - before.total);
}

function cpuTimes(): { idle: number; total: number } {
  const sum = (times: readonly number[]) => times.reduce((total, time) => total + time, 0);
  return {
    idle: sum(cpus().map(({ times }) => times.idle)),
    total: sum(cpus().map(({ times }) => sum(Object.values(times)))),
  };
}
