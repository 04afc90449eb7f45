import { type Context, inTurn } from './context';
import type { Steady } from './steady';
import type { Subject } from './subject';

export interface CleanupRound {
  /** The same load with no cleanup, just before. */
  readonly base: Steady;
  readonly cleaning: Steady;
  readonly deleted: number;
  /** As the server counts them; undefined where it does not tell. */
  readonly deadlocks?: number | undefined;
}

export interface CleanupSample {
  readonly contender: string;
  readonly rows: number;
  readonly rounds: CleanupRound[];
}

/** Lets each store clean up under a steady load, and measures what its users feel of it. */
export async function measureCleanup(
  context: Context,
  subjects: readonly Subject[],
): Promise<CleanupSample[]> {
  const { rows: steps, cleanup } = context.plan.scale;
  const rows = Math.max(...steps);
  const samples = subjects.map(
    ({ contender }): CleanupSample => ({ contender: contender.name, rows, rounds: [] }),
  );
  for (let round = 0; round < cleanup.rounds; round++) {
    for (const subject of inTurn(subjects, round)) {
      context.say(`scale: ${subject.contender.name} cleans up, round ${round + 1} of ${cleanup.rounds}`);
      const sample = samples.find(({ contender }) => contender === subject.contender.name);
      sample?.rounds.push(await measureOneCleanup(context, subject, rows));
    }
  }
  return samples;
}

async function measureOneCleanup(
  context: Context,
  { keeper, remote }: Subject,
  rows: number,
): Promise<CleanupRound> {
  const { expired, callsASecond, milliseconds } = context.plan.scale.cleanup;
  await keeper.fill(1, expired, 'expired');
  await keeper.settle();
  const population = { name: '', from: expired + 1, to: rows };
  const effort = { callsASecond, milliseconds };
  const base = await remote.ask('steady', { population, effort: { ...effort, cleansUp: false } });
  const before = { expired: await keeper.expired(), deadlocks: await keeper.deadlocks() };
  const cleaning = await remote.ask('steady', { population, effort: { ...effort, cleansUp: true } });
  const after = { expired: await keeper.expired(), deadlocks: await keeper.deadlocks() };
  return {
    base,
    cleaning,
    deleted: before.expired - after.expired,
    ...(before.deadlocks === undefined || after.deadlocks === undefined
      ? {}
      : { deadlocks: after.deadlocks - before.deadlocks }),
  };
}
