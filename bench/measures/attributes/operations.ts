import type { MySQLSessionStore } from 'knex-mysql-session';
import { ownTable } from '../../contenders/knex-mysql-session';
import { administer } from '../../contenders/mysql-database';
import { dataOf, textOf } from '../../sessions/data';
import { type Population, sample } from '../../sessions/population';
import {
  batchUser,
  ownedText,
  passingUser,
  type SessionCount,
  usersWith,
  userWith,
} from '../../sessions/users';
import type { Visit, Visits } from '../../sessions/visits';
import { mysqlId, numbers } from '../../tables/mysql';
import { forEach, type Operation } from '../loop';

export type AttributedStore = MySQLSessionStore<{ user_id: 'number' }>;

export const writeNames = ['create', 'set', 'set that changes the user'] as const;

export type WriteName = (typeof writeNames)[number];

export interface Writing {
  readonly visits: Visits;
  /** The sessions that are there. */
  readonly population: Population;
  /** Characters of a session that is made. */
  readonly size: number;
  /** Ids of the sessions that were made. */
  readonly made: string[];
}

export function writeOf(name: WriteName, { visits, population, size, made }: Writing): Operation<Visit> {
  const load = (change: (visit: Visit) => void) => async (count: number) => {
    const loaded = await forEach(sample(population, count), 16, (sid) => visits.load(sid));
    for (const visit of loaded) change(visit);
    return loaded;
  };
  const run = (visit: Visit) => visits.set(visit);
  switch (name) {
    case 'create':
      return {
        prepare: (count) => Array.from({ length: count }, () => visits.begin(signedIn(dataOf(size)))),
        run: async (visit) => {
          await visits.set(visit);
          made.push(visit.sid);
        },
      };
    case 'set':
      return {
        prepare: load(({ session }) => {
          session.views = 1 + (session.views ?? 0);
        }),
        run,
      };
    case 'set that changes the user':
      return { prepare: load(({ session }) => signedIn(session)), run };
  }
}

/** As somebody whose id has as many digits as the one before. */
function signedIn<Data extends ReturnType<typeof dataOf>>(data: Data): Data {
  return Object.assign(data, { user: { name: '', roles: [], ...data.user, id: passingUser() } });
}

/** Finds the sessions of one of a table's users. */
export function finding(store: AttributedStore, sessions: SessionCount, rows: number): Operation<number> {
  return {
    prepare: (count) =>
      Array.from({ length: count }, () =>
        userWith(sessions, Math.floor(Math.random() * usersWith(sessions, rows))),
      ),
    run: async (user) => {
      let found = 0;
      for await (const { session } of store.findBy('user_id', user)) {
        if (session.user?.id === user) found++;
      }
      if (found !== sessions) throw new Error(`A user has ${sessions} sessions, and ${found} were found`);
    },
  };
}

/** Users whose sessions are to be ended. */
export class Leavers {
  readonly #waiting: number[] = [];
  #made = 0;

  constructor(
    private readonly adminUrl: string,
    private readonly sessions: SessionCount,
    private readonly size: number,
  ) {}

  ending(store: AttributedStore): Operation<number> {
    return {
      prepare: async (count) => {
        await this.#fill(count - this.#waiting.length);
        return [...this.#waiting];
      },
      run: async (user) => {
        this.#waiting.splice(this.#waiting.indexOf(user), 1);
        const ended = await store.destroyBy('user_id', user);
        if (ended !== this.sessions) {
          throw new Error(`A user has ${this.sessions} sessions, and ${ended} were ended`);
        }
      },
    };
  }

  async #fill(users: number): Promise<void> {
    if (users < 1) return;
    const first = this.#made * this.sessions;
    const last = (this.#made + users) * this.sessions - 1;
    await administer(this.adminUrl, (connection) =>
      connection.query(
        ownTable.fill(numbers(first, last), {
          // Apart from the ids of the table's own sessions, which are made of a number alone.
          id: mysqlId(`CONCAT('of ${this.sessions}: ', n)`),
          seconds: '86400',
          data: ownedText(`${batchUser(this.sessions, 0)} + n DIV ${this.sessions}`),
        }),
        [textOf(this.size)],
      ),
    );
    for (; users > 0; users--) this.#waiting.push(batchUser(this.sessions, this.#made++));
  }
}
