import { type ContenderProcess, rotated, withContenders } from '../contender-process';
import type { Context, Measure } from '../plan';
import { TableAdmin } from '../table-admin';

interface ContenderTable {
  readonly process: ContenderProcess;
  readonly admin: TableAdmin;
}

/** Measures what many sessions cost, and what users feel while a store cleans up. */
export const scale: Measure = {
  title: 'What many sessions cost',
  about: ({ scale: { size, callers, cleanup } }) => `A ratio compares the times of one contender.
"Growth" compares larger tables to the smallest, with ${callers} callers. "Cleanup" compares a load
during a cleanup to the same load without one. The load has ${cleanup.callsPerSecond} calls a second,
half of them sets. Less is better. Sessions have ${size} B.`,
  servers: ['mysql'],

  run: (context) => {
    const contenders = context.contenders.filter(({ table }) => table !== undefined);
    return withContenders({ ...context, contenders }, false, async (processes) => {
      const tables: ContenderTable[] = [];
      try {
        for (const process of processes) {
          const { table } = process.contender;
          if (!table) continue;
          const admin = await TableAdmin.connect(process.database.adminUrl, table);
          tables.push({ process, admin });
        }
        await measureGrowth(context, tables);
        await measureCleanup(context, tables);
      } finally {
        await Promise.all(tables.map(({ admin }) => admin.close()));
      }
    });
  },
};

async function measureGrowth(
  { plan, samples, log }: Context,
  tables: readonly ContenderTable[],
): Promise<void> {
  const { size, callers, milliseconds, rows: steps } = plan.scale;
  const effort = { callers, milliseconds, batch: 5_000 };
  let filled = 0;
  for (const rows of steps) {
    for (const { process, admin } of tables) {
      log(`fill the table of ${process.name} up to ${rows} sessions`);
      await admin.fill(filled + 1, rows, size, 'live');
    }
    filled = rows;
    const population = { name: '', from: 1, to: rows };
    // Round 0 warms up the caches.
    for (let round = 0; round <= plan.rounds; round++) {
      log(`${rows} sessions, round ${round} of ${plan.rounds}`);
      for (const { process } of rotated(tables, round)) {
        for (const operation of ['get hit', 'set changed'] as const) {
          const timing = await process.ask('measure', operation, population, size, effort);
          if (round === 0) continue;
          for (const percentile of ['p50', 'p99'] as const) {
            const title = (count = 0) =>
              `${operation} ${percentile}, ms, ${count.toLocaleString('en')} sessions`;
            const cell = { section: 'Growth', row: title(rows), base: title(steps[0]) };
            samples.add(
              { ...cell, contender: process.name, lessIsBetter: true },
              timing[percentile],
            );
          }
        }
      }
    }
  }
}

async function measureCleanup(
  { plan, samples, log }: Context,
  tables: readonly ContenderTable[],
): Promise<void> {
  const { rounds, expired, callsPerSecond, milliseconds } = plan.scale.cleanup;
  const population = { name: '', from: expired + 1, to: Math.max(...plan.scale.rows) };
  const section = `Cleanup of ${expired.toLocaleString('en')} sessions`;
  for (let round = 0; round < rounds; round++) {
    for (const { process, admin } of rotated(tables, round)) {
      const add = (row: string, value: number, base = row) =>
        samples.add({ section, row, contender: process.name, lessIsBetter: true, base }, value);
      log(`${process.name} cleans up, round ${round + 1} of ${rounds}`);
      await admin.fill(1, expired, plan.scale.size, 'expired');
      const calm = await process.ask('load', population, { callsPerSecond, milliseconds }, false);
      const before = await admin.countExpired();
      // A fast cleanup needs enough calls for a percentile, too.
      const effort = { callsPerSecond, milliseconds: 1_000 };
      const busy = await process.ask('load', population, effort, true);
      for (const row of ['get p50', 'get p99', 'set p50', 'set p99', 'longest call'] as const) {
        const base = `${row}, ms, without cleanup`;
        add(`${row}, ms`, busy[row], base);
        add(base, calm[row]);
      }
      add('time of the cleanup, s', busy.seconds);
      add('deleted sessions', before - (await admin.countExpired()));
      add('failed calls', busy.failed);
    }
  }
}
