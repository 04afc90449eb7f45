import type { OpenStore } from '../contenders';
import { dataOf } from '../sessions/data';
import { type Population, sample } from '../sessions/population';
import type { Visit, Visits } from '../sessions/visits';
import { forEach, type Operation } from './loop';

export const operationNames = [
  'get hit',
  'get miss',
  'set new',
  'set changed',
  'touch that must write',
  'destroy',
] as const;

export type OperationName = (typeof operationNames)[number];

export interface Subject {
  readonly open: OpenStore;
  readonly visits: Visits;
  /** The sessions that are there. */
  readonly population: Population;
  /** Characters of a session that is made. */
  readonly size: number;
  /** Ids of the sessions that `set new` made, which are there to be destroyed. */
  readonly made: string[];
}

/** How many calls prepare something at a time. */
const preparers = 16;

const makers = {
  'get hit': ({ visits, population }: Subject): Operation<string> => ({
    prepare: (count) => sample(population, count),
    run: async (sid) => {
      if (!(await visits.get(sid))) throw new Error('A session that should be there is not');
    },
  }),

  'get miss': ({ visits }: Subject): Operation<string> => ({
    prepare: (count) => sample({ name: 'nobody', from: 1, to: 1_000_000 }, count),
    run: async (sid) => {
      if (await visits.get(sid)) throw new Error('A session that should not be there is');
    },
  }),

  'set new': ({ visits, size, made }: Subject): Operation<Visit> => ({
    prepare: (count) => Array.from({ length: count }, () => visits.begin(dataOf(size))),
    run: async (visit) => {
      await visits.set(visit);
      made.push(visit.sid);
    },
  }),

  'set changed': ({ visits, population }: Subject): Operation<Visit> => ({
    prepare: async (count) => {
      const loaded = await load(visits, population, count);
      for (const { session } of loaded) session.views = 1 + (session.views ?? 0);
      return loaded;
    },
    run: (visit) => visits.set(visit),
  }),

  'touch that must write': ({ open, visits, population }: Subject): Operation<Visit> => ({
    prepare: async (count) => {
      await open.age?.();
      return load(visits, population, count);
    },
    run: (visit) => visits.touch(visit),
  }),

  destroy: ({ visits, made }: Subject): Operation<string> => ({
    prepare: (count) => made.splice(0, count),
    run: (sid) => visits.destroy(sid),
  }),
} satisfies Record<OperationName, (subject: Subject) => unknown>;

/** Each operation with how its calls are prepared, so that only the call itself is timed. */
export function operationOf(name: OperationName, subject: Subject): Operation<unknown> {
  return makers[name](subject) as Operation<unknown>;
}

function load(visits: Visits, population: Population, count: number): Promise<Visit[]> {
  return forEach(sample(population, count), preparers, (sid) => visits.load(sid));
}
