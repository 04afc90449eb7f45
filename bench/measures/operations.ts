import type { OpenStore } from '../contenders/contender';
import { type Population, sampleIds } from '../sessions';
import type { LoadedSession, StoreDriver } from '../store-driver';
import type { Operation } from './calls';

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
  readonly driver: StoreDriver;
  /** The sessions that exist. */
  readonly population: Population;
  /** Characters of a new session. */
  readonly size: number;
  /** Ids of the sessions that `set new` created and `destroy` deletes. */
  readonly created: string[];
}

const operations = {
  'get hit': ({ driver, population }: Subject): Operation<string> => ({
    prepare: (count) => sampleIds(population, count),
    run: async (sid) => {
      if (!(await driver.get(sid))) throw new Error(`Session ${sid} is missing`);
    },
  }),

  'get miss': ({ driver }: Subject): Operation<string> => ({
    prepare: (count) => sampleIds({ name: 'none', from: 1, to: 1_000_000 }, count),
    run: async (sid) => {
      if (await driver.get(sid)) throw new Error(`Session ${sid} must not exist`);
    },
  }),

  'set new': ({ driver, size, created }: Subject): Operation<LoadedSession> => ({
    prepare: (count) => Array.from({ length: count }, () => driver.create(size)),
    run: async (session) => {
      await driver.set(session);
      created.push(session.sid);
    },
  }),

  'set changed': ({ driver, population }: Subject): Operation<LoadedSession> => ({
    prepare: async (count) => {
      const loaded = await driver.loadMany(population, count);
      for (const { session } of loaded) session.views = 1 + (session.views ?? 0);
      return loaded;
    },
    run: (session) => driver.set(session),
  }),

  'touch that must write': ({ open, driver, population }: Subject): Operation<LoadedSession> => ({
    prepare: async (count) => {
      await open.age?.();
      return driver.loadMany(population, count);
    },
    run: (session) => driver.touch(session),
  }),

  destroy: ({ driver, created }: Subject): Operation<string> => ({
    prepare: (count) => created.splice(0, count),
    run: (sid) => driver.destroy(sid),
  }),
} satisfies Record<OperationName, (subject: Subject) => unknown>;

export function operationOf(name: OperationName, subject: Subject): Operation<unknown> {
  return operations[name](subject) as Operation<unknown>;
}
