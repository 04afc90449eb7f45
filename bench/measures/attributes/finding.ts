import { administer } from '../../contenders/mysql-database';
import { type SessionCount, sessionCounts } from '../../sessions/users';
import { type Context, inTurn } from '../context';
import type { Timing } from '../timing';
import { explain, type FindPlan } from './explain';
import type { Sized } from './installation';

export const finderNames = ['findBy', 'destroyBy'] as const;

export type FinderName = (typeof finderNames)[number];

/** All sessions of one user after the other, on a table of so many. */
export interface FindingSample {
  readonly server: string;
  readonly call: FinderName;
  readonly sessions: SessionCount;
  readonly rows: number;
  readonly rounds: Timing[];
}

export interface Finding {
  readonly finding: FindingSample[];
  readonly plans: FindPlan[];
}

/** Finds users' sessions, and ends them, in tables of different sizes in turn. */
export async function measureFinding(
  { plan, say }: Context,
  server: string,
  tables: readonly Sized[],
): Promise<Finding> {
  const plans: FindPlan[] = [];
  for (const { place, rows } of tables) {
    plans.push(...(await administer(place.adminUrl, (connection) => explain(connection, server, rows))));
  }
  const finding = finderNames.flatMap((call) =>
    sessionCounts.flatMap((sessions) =>
      tables.map(({ rows }): FindingSample => ({ server, call, sessions, rows, rounds: [] })),
    ),
  );
  // The first round is for the caches.
  for (let round = -1; round < plan.rounds; round++) {
    say(`attributes: ${server}, users' sessions, round ${round + 1} of ${plan.rounds}`);
    const turns = round < 0 ? 1 : plan.attributes.finding.turns;
    for (const call of finderNames) {
      for (const sessions of sessionCounts) {
        for (let turn = 0; turn < turns; turn++) {
          for (const table of inTurn(tables, turn)) {
            const timing = await ask(table, call, sessions, plan.attributes.finding.milliseconds);
            const sample = finding.find(
              (known) => known.call === call && known.sessions === sessions && known.rows === table.rows,
            );
            if (round >= 0) sample?.rounds.push(timing);
          }
        }
      }
    }
  }
  return { finding, plans };
}

/** How many sessions are made at a time that are to be ended. */
const batch = 500;

function ask(
  { remote, rows }: Sized,
  call: FinderName,
  sessions: SessionCount,
  milliseconds: number,
): Promise<Timing> {
  const effort = { callers: 1, milliseconds, batch: Math.ceil(batch / sessions), atMost: 100_000 };
  return call === 'findBy'
    ? remote.ask('find', { sessions, rows, effort })
    : remote.ask('end', { sessions, effort });
}
