import { type Context, inTurn } from './context';
import type { Subject } from './subject';
import type { Timing } from './timing';

/** One contender at one operation, on a table of so many sessions. */
export interface GrowthSample {
  readonly contender: string;
  readonly operation: 'get hit' | 'set changed';
  readonly rows: number;
  readonly rounds: Timing[];
}

export interface DiskSample {
  readonly contender: string;
  readonly rows: number;
  readonly bytes: number;
}

export interface Growth {
  readonly growth: GrowthSample[];
  readonly disk: DiskSample[];
}

/** Lets the tables grow step by step, and measures what calls cost at each. */
export async function measureGrowth(context: Context, subjects: readonly Subject[]): Promise<Growth> {
  const { rounds, scale } = context.plan;
  const growth: GrowthSample[] = [];
  const disk: DiskSample[] = [];
  let filled = 0;
  for (const rows of scale.rows) {
    for (const { contender, keeper } of subjects) {
      context.say(`scale: ${contender.name} gets ${rows} sessions`);
      await keeper.fill(filled + 1, rows, 'live');
      await keeper.settle();
      disk.push({ contender: contender.name, rows, bytes: await keeper.bytes() });
    }
    filled = rows;
    growth.push(...(await measureAt(context, subjects, rows, rounds)));
  }
  return { growth, disk };
}

async function measureAt(
  context: Context,
  subjects: readonly Subject[],
  rows: number,
  rounds: number,
): Promise<GrowthSample[]> {
  const { size, callers, milliseconds } = context.plan.scale;
  const population = { name: '', from: 1, to: rows };
  const effort = { callers, milliseconds, batch: 5_000, atMost: Number.MAX_SAFE_INTEGER };
  const samples = subjects.flatMap(({ contender }) =>
    (['get hit', 'set changed'] as const).map(
      (operation): GrowthSample => ({ contender: contender.name, operation, rows, rounds: [] }),
    ),
  );
  // The first round is for the caches.
  for (let round = -1; round < rounds; round++) {
    context.say(`scale: ${rows} sessions, round ${round + 1} of ${rounds}`);
    for (const { contender, remote } of inTurn(subjects, round + 1)) {
      for (const sample of samples) {
        if (sample.contender !== contender.name) continue;
        const { operation } = sample;
        const timing = await remote.ask('measure', { operation, population, size, effort });
        if (round >= 0) sample.rounds.push(timing);
      }
    }
  }
  return samples;
}
