import { MySQLSessionStore } from 'knex-mysql-session';
import type { Place } from '../contenders';
import {
  type AttributedStore,
  finding,
  Leavers,
  type WriteName,
  writeOf,
} from '../measures/attributes/operations';
import { type PhaseName, type PhaseSample, Traffic } from '../measures/attributes/traffic';
import { type Effort, forEach, loop } from '../measures/loop';
import type { Timing } from '../measures/timing';
import type { Population } from '../sessions/population';
import { type SessionCount, sessionCounts } from '../sessions/users';
import { Visits } from '../sessions/visits';
import { serve } from './remote';

interface Opening {
  readonly place: Place;
  /** Characters of a session that is made. */
  readonly size: number;
  /** Whether each touch writes, however soon it comes. */
  readonly touchesAll: boolean;
}

let store: MySQLSessionStore;
let finder: AttributedStore;
let visits: Visits;
let opening: Opening;
let traffic: Traffic | undefined;
let leavers: ReadonlyMap<SessionCount, Leavers>;
const made: string[] = [];

const services = {
  /** Opens the store of an application that knows of no attribute. */
  open: async (asked: Opening): Promise<void> => {
    opening = asked;
    const { place, size, touchesAll } = asked;
    const options = touchesAll ? { touchAfter: 0 } : {};
    store = new MySQLSessionStore({ connection: place.url, disableDbCleanup: true, ...options });
    await store.ready();
    visits = new Visits(store);
    leavers = new Map(sessionCounts.map((count) => [count, new Leavers(place.adminUrl, count, size)]));
  },

  /** Opens another that knows of the attribute, now that it is there. */
  declare: async (): Promise<void> => {
    finder = new MySQLSessionStore({
      connection: opening.place.url,
      disableDbCleanup: true,
      attributes: { user_id: 'number' },
    });
    await finder.ready();
  },

  find: ({
    sessions,
    rows,
    effort,
  }: {
    sessions: SessionCount;
    rows: number;
    effort: Effort;
  }): Promise<Timing> => loop(finding(finder, sessions, rows), effort),

  end: ({ sessions, effort }: { sessions: SessionCount; effort: Effort }): Promise<Timing> => {
    const leaving = leavers.get(sessions);
    if (!leaving) throw new Error(`Nobody has ${sessions} sessions`);
    return loop(leaving.ending(finder), effort);
  },

  write: ({
    name,
    effort,
    ...which
  }: {
    name: WriteName;
    population: Population;
    size: number;
    effort: Effort;
  }): Promise<Timing> => loop(writeOf(name, { visits, made, ...which }), effort),

  /** Removes what `create` made. */
  tidy: async (): Promise<void> => {
    await forEach(made.splice(0), 16, (sid) => visits.destroy(sid));
  },

  beginTraffic: async ({
    population,
    callsASecond,
  }: {
    population: Population;
    callsASecond: number;
  }): Promise<void> => {
    traffic = await Traffic.of(store, visits, population, opening.size, callsASecond);
  },

  enter: async (phase: PhaseName): Promise<void> => traffic?.enter(phase),

  resume: async (phase: PhaseName): Promise<void> => traffic?.resume(phase),

  pause: async (): Promise<void> => traffic?.pause(),

  endTraffic: async (): Promise<PhaseSample[]> => (await traffic?.end()) ?? [],
};

export type AttributeServices = typeof services;

serve(services);
