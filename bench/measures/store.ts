import type { Population } from '../sessions/population';
import { type Context, inTurn, type Participant, present, withParticipants } from './context';
import { type OperationName, operationNames } from './operations';
import type { Timing } from './timing';

/** One contender at one operation, with a timing of each round. */
export interface StoreSample {
  readonly contender: string;
  readonly operation: OperationName;
  /** Characters of the session's JSON text. */
  readonly size: number;
  readonly callers: number;
  readonly rounds: Timing[];
}

/** How much of large sessions is enough, in characters. */
const enough = 128 * 1024 * 1024;

/** What each call of a store costs. */
export async function measureStore(context: Context): Promise<StoreSample[]> {
  return withParticipants(context, 'store', present(context), true, async (participants) => {
    const samples = new Map<string, StoreSample>();
    const { rounds, store } = context.plan;
    for (const size of store.sizes) await fill(context, participants, size);
    context.say('store: once for nothing, until the code is compiled');
    await measureCell(context, participants, Math.min(...store.sizes), Math.max(...store.callers), new Map());
    for (let round = 0; round < rounds; round++) {
      for (const size of store.sizes) {
        for (const callers of store.callers) {
          context.say(`store: round ${round + 1} of ${rounds}, ${size} B, callers: ${callers}`);
          await measureCell(context, inTurn(participants, round), size, callers, samples);
        }
      }
    }
    return [...samples.values()];
  });
}

async function fill(context: Context, participants: readonly Participant[], size: number): Promise<void> {
  context.say(`store: sessions of ${size} B`);
  for (const { remote } of participants) {
    await remote.ask('fill', { population: populationOf(context, size), size });
  }
}

async function measureCell(
  context: Context,
  participants: readonly Participant[],
  size: number,
  callers: number,
  samples: Map<string, StoreSample>,
): Promise<void> {
  const { milliseconds } = context.plan.store;
  const population = populationOf(context, size);
  const effort = { callers, milliseconds, batch: population.to, atMost: Math.min(100_000, enough / size) };
  // Pools that closed idle connections open them again, untimed.
  for (const { remote } of participants) {
    await remote.ask('measure', { operation: 'get hit', population, size, effort });
  }
  for (const operation of operationNames) {
    for (const { contender, remote } of participants) {
      const timing = await remote.ask('measure', { operation, population, size, effort });
      const key = JSON.stringify([contender.name, operation, size, callers]);
      const sample = samples.get(key) ?? { contender: contender.name, operation, size, callers, rounds: [] };
      sample.rounds.push(timing);
      samples.set(key, sample);
    }
  }
  for (const { remote } of participants) await remote.ask('tidy', undefined);
}

function populationOf({ plan }: Context, size: number): Population {
  const most = (enough / 4 / size) | 0;
  return { name: `of ${size}`, from: 1, to: Math.min(plan.store.sessions, most) };
}
