import { type FinderName, type FindingSample, finderNames } from '../../measures/attributes/finding';
import { type SessionCount, sessionCounts } from '../../sessions/users';
import { count, details, figure, ratioText, table } from '../markdown';
import type { Outcome } from '../outcome';
import { median, ratios } from '../statistics';
import { shortTitle } from './server';

/** What it costs to find a user's sessions, and to end them, in a small table and in a large one. */
export function findingSection({ samples, plan }: Outcome<'attributes'>): string {
  const [small, large] = plan.rows;
  const cells = serversIn(samples.finding).flatMap((server) =>
    finderNames.flatMap((call) => sessionCounts.map((sessions) => ({ server, call, sessions }))),
  );
  const ratioRows = cells.map(({ server, call, sessions }) => {
    const [before, after] = [small, large].map((rows) =>
      mediansOf(samples.finding, server, call, sessions, rows),
    );
    return [
      shortTitle(server),
      call,
      count(sessions),
      before && after ? ratioText(ratios(after, before)) : '–',
    ];
  });
  const timeRows = cells.map(({ server, call, sessions }) => [
    shortTitle(server),
    call,
    count(sessions),
    ...plan.rows.map((rows) =>
      figure(median(mediansOf(samples.finding, server, call, sessions, rows) ?? [])),
    ),
  ]);
  const title = `with ${count(large)}, to ${count(small)}`;
  return [
    "## A user's sessions",
    `How many times as long it takes to find all sessions of a user, and to end them, on a table of ${count(large)} sessions as on one of
${count(small)}: medians of calls of one caller, each of another user, both tables in turn. A user's sessions lie all over the table.`,
    table(['', 'call', 'sessions of the user', title], ratioRows),
    details(
      'Milliseconds on this machine, medians',
      table(['', 'call', 'sessions of the user', ...plan.rows.map(count)], timeRows),
    ),
    'What the server says to `EXPLAIN` of the statement within the routine, and how many rows and entries of the index the routine reads:',
    table(
      ['', 'sessions in the table', 'of the user', 'type', 'key', 'rows', 'extra', 'read'],
      samples.plans.map(({ server, rows, sessions, type, key, expected, extra, read }) => [
        shortTitle(server),
        count(rows),
        count(sessions),
        type,
        key,
        count(expected),
        extra,
        count(read),
      ]),
    ),
  ].join('\n\n');
}

function serversIn(samples: readonly FindingSample[]): string[] {
  return [...new Set(samples.map(({ server }) => server))];
}

function mediansOf(
  samples: readonly FindingSample[],
  server: string,
  call: FinderName,
  sessions: SessionCount,
  rows: number,
): number[] | undefined {
  const found = samples.find(
    (known) =>
      known.server === server && known.call === call && known.sessions === sessions && known.rows === rows,
  );
  return found?.rounds.map(({ p50 }) => p50);
}
