import { type ContenderProcess, rotated, withContenders } from '../contender-process';
import { own } from '../contenders';
import type { Context, Measure } from '../plan';
import { Samples } from '../samples';
import type { Population } from '../sessions';
import { operationNames } from './operations';

/** How many characters of sessions to write for one cell. */
const enough = 128 * 1024 * 1024;

/** Measures the calls of a store. */
export const store: Measure = {
  title: 'What a call of the store costs',
  about: () => `A ratio compares calls a second: ${own} to each contender. Above 1,
${own} is faster. "mysql2 execute SQL" is the limit of a store: prepared statements
on the same table.`,
  servers: ['mysql', 'redis'],

  run: (context) =>
    withContenders(context, true, async (processes) => {
      const { rounds, store } = context.plan;
      for (const size of store.sizes) {
        context.log(`create sessions of ${size} characters`);
        for (const process of processes) {
          await process.ask('fill', populationOf(context, size), size);
        }
      }
      context.log('warm up');
      const smallest = Math.min(...store.sizes);
      const warmUp = { ...context, samples: new Samples() };
      await measureCalls(warmUp, processes, smallest, Math.max(...store.callers));
      for (let round = 0; round < rounds; round++) {
        for (const size of store.sizes) {
          for (const callers of store.callers) {
            context.log(`round ${round + 1} of ${rounds}, size ${size}, callers ${callers}`);
            await measureCalls(context, rotated(processes, round), size, callers);
          }
        }
      }
      // Show the numbers of callers of one operation together.
      context.samples.all.sort((one, other) =>
        one.row.localeCompare(other.row, 'en', { numeric: true }),
      );
    }),
};

async function measureCalls(
  context: Context,
  processes: readonly ContenderProcess[],
  size: number,
  callers: number,
): Promise<void> {
  const population = populationOf(context, size);
  const effort = {
    callers,
    milliseconds: context.plan.store.milliseconds,
    batch: population.to,
    atMost: Math.min(100_000, enough / size),
  };
  // Pools that closed idle connections open them again before the measured calls.
  for (const process of processes) {
    await process.ask('measure', 'get hit', population, size, effort);
  }
  const section = `Sessions of ${size < 1_024 ? `${size} B` : `${size / 1_024} KB`}`;
  for (const operation of operationNames) {
    for (const process of processes) {
      const { rate } = await process.ask('measure', operation, population, size, effort);
      const row = `${operation}, callers: ${callers}`;
      context.samples.add({ section, row, contender: process.name, lessIsBetter: false }, rate);
    }
  }
  for (const process of processes) await process.ask('destroyCreated');
}

function populationOf({ plan }: Context, size: number): Population {
  const most = Math.floor(enough / 4 / size);
  return { name: `size ${size}, `, from: 1, to: Math.min(plan.store.sessions, most) };
}
