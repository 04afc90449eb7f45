import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from 'express-session';
import { dataOf } from '../../sessions/data';
import { type Population, sample } from '../../sessions/population';
import { isLookedFor, passingUser } from '../../sessions/users';
import type { Visit, Visits } from '../../sessions/visits';
import { CallLog, failuresOf } from '../call-log';
import { forEach } from '../loop';
import { pace } from '../pace';
import { type Latencies, latenciesOf } from '../timing';

export const phaseNames = ['before', 'adding', 'after', 'dropping'] as const;

export type PhaseName = (typeof phaseNames)[number];

/** What users felt in a phase, be it that their calls failed. */
export interface PhaseSample extends Latencies {
  readonly phase: PhaseName;
  readonly seconds: number;
  readonly calls: number;
  /** How many calls failed, by what the server said; those of the cleanup too. */
  readonly failures: Readonly<Record<string, number>>;
}

type CleaningStore = Store & { gc(): Promise<number> };

interface Span {
  readonly phase: PhaseName;
  readonly from: number;
  to: number;
}

const kinds = [
  'get',
  'set',
  'touch',
  'create',
  'get',
  'sign in or out',
  'create briefly',
  'touch',
  'get',
  'destroy',
] as const;

type Kind = (typeof kinds)[number];

/** Loaded beforehand; those of them who are not looked for change or touch their sessions in turn, seconds apart. */
const visitors = 5_000;

/** How long a session lives that is left to the cleanup, in milliseconds. */
const brief = 2_000;

/** What an application's users do with their sessions, at a pace that no server slows down, phase by phase. */
export class Traffic {
  readonly #log = new CallLog<Kind>();
  readonly #cleanups = new CallLog<'clean up'>();
  readonly #spans: Span[] = [];
  readonly #made: string[] = [];
  #lost = 0;
  #goesOn = false;
  #pace: Promise<void> = Promise.resolve();

  private constructor(
    private readonly store: CleaningStore,
    private readonly visits: Visits,
    private readonly population: Population,
    private readonly loaded: readonly Visit[],
    private readonly size: number,
    private readonly callsASecond: number,
  ) {}

  static async of(
    store: CleaningStore,
    visits: Visits,
    population: Population,
    size: number,
    callsASecond: number,
  ): Promise<Traffic> {
    const all = await forEach(sample(population, visitors), 16, (sid) => visits.load(sid));
    const loaded = all.filter(({ session }) => session.user && !isLookedFor(session.user.id));
    const traffic = new Traffic(store, visits, population, loaded, size, callsASecond);
    store.on('lost', () => {
      traffic.#lost++;
    });
    return traffic;
  }

  /** From now on it is this phase. */
  enter(phase: PhaseName): void {
    this.#close();
    this.#spans.push({ phase, from: performance.now(), to: Number.POSITIVE_INFINITY });
  }

  resume(phase: PhaseName): void {
    this.enter(phase);
    this.#goesOn = true;
    this.#pace = pace(
      this.callsASecond,
      () => this.#goesOn,
      (number, planned) => {
        const kind = kinds[number % kinds.length] ?? 'get';
        this.#log.add(kind, planned, this.#call(kind, number));
        if (number % this.callsASecond === 0) this.#cleanups.add('clean up', planned, this.#cleanUp());
      },
    );
  }

  /** Waits for the calls that are under way, and makes no more. */
  async pause(): Promise<void> {
    this.#goesOn = false;
    await this.#pace;
    this.#close();
    await Promise.all([this.#log.settled(), this.#cleanups.settled()]);
  }

  async end(): Promise<PhaseSample[]> {
    await this.pause();
    await forEach(this.#made.splice(0), 16, (sid) => this.visits.destroy(sid));
    await sleep(brief);
    await this.store.gc();
    if (this.#lost > 0) throw new Error(`${this.#lost} sessions were lost that nobody destroyed`);
    const calls = await this.#log.settled();
    const cleanups = await this.#cleanups.settled();
    return phaseNames.flatMap((phase) => {
      const spans = this.#spans.filter((span) => span.phase === phase);
      if (spans.length === 0) return [];
      const own = calls.filter((call) => this.#phaseOf(call) === phase);
      const failures = failuresOf([...own, ...cleanups.filter((call) => this.#phaseOf(call) === phase)]);
      const seconds = spans.reduce((sum, { from, to }) => sum + (to - from) / 1_000, 0);
      const latencies = latenciesOf(own.map(({ took }) => took));
      return [{ phase, seconds, calls: own.length, failures, ...latencies }];
    });
  }

  // What the installer does is felt by calls that began a little before it, and by those that end a little after.
  #phaseOf({ began, took }: { began: number; took: number }): PhaseName | undefined {
    const touched = this.#spans.filter(({ from, to }) => from < began + took && to > began);
    const busy = touched.find(({ phase }) => phase === 'adding' || phase === 'dropping');
    return (busy ?? touched[0])?.phase;
  }

  #close(): void {
    const last = this.#spans.at(-1);
    if (last) last.to = Math.min(last.to, performance.now());
  }

  async #call(kind: Kind, number: number): Promise<void> {
    switch (kind) {
      case 'get': {
        const [sid = ''] = sample(this.population, 1);
        if (!(await this.visits.get(sid))) throw new Error('A session that should be there is not');
        return;
      }
      case 'set': {
        const visit = this.#visitor(number);
        visit.session.views = 1 + (visit.session.views ?? 0);
        return this.visits.set(visit);
      }
      case 'sign in or out': {
        const visit = this.#visitor(number);
        if (visit.session.user && Math.random() < 0.5) delete visit.session.user;
        else visit.session.user = somebody();
        return this.visits.set(visit);
      }
      case 'touch': {
        const visit = this.#visitor(number);
        visit.session.touch();
        return this.visits.touch(visit);
      }
      case 'create':
      case 'create briefly': {
        const { user: _, ...anonymous } = dataOf(this.size);
        const visit = this.visits.begin(anonymous);
        if (kind === 'create briefly') visit.session.cookie.maxAge = brief;
        await this.visits.set(visit);
        if (kind === 'create') this.#made.push(visit.sid);
        return;
      }
      case 'destroy': {
        const sid = this.#made.shift();
        return sid === undefined ? undefined : this.visits.destroy(sid);
      }
    }
  }

  async #cleanUp(): Promise<void> {
    await this.store.gc();
  }

  #visitor(number: number): Visit {
    const visit = this.loaded[number % this.loaded.length];
    if (!visit) throw new Error('Nobody was loaded');
    return visit;
  }
}

function somebody() {
  return { id: passingUser(), name: 'Grace Hopper', roles: ['customer'] };
}
