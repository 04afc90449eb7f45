import type { MySQLSessionStore } from '../../../src';
import type { TestInstallation } from '../../support/store';
import { Visit } from '../../support/visit';
import type { Data } from './session-model';

/** The real store, as several processes use it. Each visitor has at most one open request. */
export class StoreUnderTest {
  /** The ids of all sessions, destroyed and expired ones included. */
  readonly sids: string[] = [];
  readonly lost: string[] = [];
  readonly #visits = new Map<number, Visit>();

  /** @param companions other sessions, which are saved together with the visitors' sessions */
  constructor(
    private readonly installation: TestInstallation,
    private readonly stores: readonly MySQLSessionStore[],
    private readonly companions: ReadonlyMap<MySQLSessionStore, readonly Visit[]> = new Map(),
  ) {
    for (const store of stores) {
      store.removeAllListeners('lost').on('lost', (sid: string) => this.lost.push(sid));
    }
  }

  begin(visitor: number): string {
    const visit = Visit.first(this.#store(visitor));
    this.#visits.set(visitor, visit);
    this.sids.push(visit.sid);
    return visit.sid;
  }

  async load(visitor: number, sid: string): Promise<Data | undefined> {
    const visit = await Visit.next(this.#store(visitor), sid);
    if (visit) {
      this.#visits.set(visitor, visit);
    }
    return visit && dataOf(visit.session);
  }

  change(visitor: number, key: string, value: unknown): void {
    const { session } = this.visit(visitor);
    if (value === undefined) {
      Reflect.deleteProperty(session, key);
    } else {
      Object.assign(session, { [key]: value });
    }
  }

  /** Saves the companions too. Without company, no save would share a round trip. */
  async save(visitor: number): Promise<void> {
    const companions = this.companions.get(this.#store(visitor)) ?? [];
    for (const { session } of companions) session.value = Number(session.value ?? 0) + 1;
    await Promise.all([...companions, this.visit(visitor)].map((visit) => visit.save()));
  }

  async reload(visitor: number): Promise<Data | undefined> {
    const visit = this.visit(visitor);
    return visit.reload().then(
      () => dataOf(visit.session),
      () => undefined,
    );
  }

  async regenerate(visitor: number): Promise<string> {
    const visit = this.visit(visitor);
    await visit.regenerate();
    this.sids.push(visit.sid);
    return visit.sid;
  }

  async expire(sid: string): Promise<void> {
    const past = 'UTC_TIMESTAMP(3) - INTERVAL 1 SECOND';
    await this.installation.query(`UPDATE sessions SET expired = ${past} WHERE sid = ?`, [sid]);
  }

  /** Reads all live sessions, without an open request. */
  async live(): Promise<Map<string, Data>> {
    const entries = await Promise.all(
      this.sids.map(async (sid): Promise<[string, Data | null]> => {
        const data = (await this.#store(0).get(sid)) ?? null;
        return [sid, data && dataOf(data)];
      }),
    );
    return new Map(entries.filter((entry): entry is [string, Data] => entry[1] !== null));
  }

  visit(visitor: number): Visit {
    const visit = this.#visits.get(visitor);
    if (visit === undefined) {
      throw new Error(`Visitor ${visitor} has no session`);
    }
    return visit;
  }

  #store(visitor: number): MySQLSessionStore {
    const store = this.stores[visitor % this.stores.length];
    if (store === undefined) {
      throw new Error('The test has opened no store');
    }
    return store;
  }
}

function dataOf(session: object): Data {
  const { cookie: _, ...data } = session as Record<string, unknown>;
  return data;
}
