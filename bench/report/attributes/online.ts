import type { Change } from '../../measures/attributes/change';
import type { OnlineRound, OnlineSample } from '../../measures/attributes/online';
import { type PhaseName, type PhaseSample, phaseNames } from '../../measures/attributes/traffic';
import { type TransactionBegin, transactions } from '../../measures/attributes/transaction';
import { count, figure, table } from '../markdown';
import type { Outcome } from '../outcome';
import { shortTitle } from './server';

/** No call should wait longer, in milliseconds: not longer than an attempt lasts, and what has queued behind it. */
const longestWanted: Record<TransactionBegin, number> = {
  never: 1_000,
  before: 1_250,
  'while the index is built': 1_250,
};

const titles: Record<TransactionBegin, string> = {
  never: 'Nobody has the table',
  before: 'A transaction has the table already',
  'while the index is built': 'A transaction begins while the index is built',
};

const phases: Record<PhaseName, string> = {
  before: 'before',
  adding: 'while it is added',
  after: 'after',
  dropping: 'while it is dropped',
};

const header = [
  '',
  '',
  'seconds',
  'calls',
  'p50, ms',
  'p99, ms',
  'longest wait, ms',
  'elsewhere, ms',
  'failed calls',
];

/** What users feel while an attribute is added and dropped. */
export function onlineSection(outcome: Outcome<'attributes'>): string {
  const { online, rows } = outcome.plan;
  const { samples } = outcome;
  return [
    '## While the table is in use',
    `${count(online.callsASecond)} calls a second on a table of ${count(rows[1])} sessions: three of ten get a session, one changes a loaded one, one lets
its user sign in or out, two touch, two create one of nobody, of which one is destroyed and one expires; once a second the store cleans up. They come at their times, whether or not those before have ended, and
what they wait counts from then. Meanwhile the attribute is added, and dropped. "Elsewhere" is the longest wait at another table
of the server, which nobody changes: the server and the machine have their share in the waits, too. Where somebody else's transaction has read
the table, it commits ${figure(online.held / 1_000)} s after it is met: each attempt to change the table gives up after a second, lets those behind it pass, and is
made again. Wanted is that no call waits longer than a second (and a quarter, with what queues behind
an attempt that gives up), and that none fails.`,
    ...transactions.flatMap((begins) => {
      const own = samples.online.filter((sample) => sample.begins === begins);
      return [`### ${titles[begins]}`, table(header, own.flatMap(phaseRows)), ...own.map(verdict)];
    }),
    '## What is in the index',
    `After it was built, and changed by these calls: what \`CHECK TABLE\` says, and how many sessions have a value, which are as many, and the
same, by the index from end to end and by every row. So are those of some users, looked up and counted; anything else would have ended the run.
Where MariaDB warns of an entry without its row, that is one marked as deleted which its purge has left in the index of the virtual column: it takes
room, and nobody reads it.`,
    table(
      ['', '', 'says', 'sessions', 'with a value', 'users looked up', 'their sessions'],
      checkRows(samples.online),
    ),
  ].join('\n\n');
}

function phaseRows({ server, rounds }: OnlineSample): string[][] {
  return phaseNames.flatMap((name) => {
    const own = rounds.flatMap((round) => round.phases.filter(({ phase }) => phase === name));
    if (own.length === 0) return [];
    const elsewhere = rounds.flatMap((round) => round.elsewhere.filter(({ phase }) => phase === name));
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const most = (values: readonly number[]) => Math.max(...values);
    const failed = sum(own.flatMap(({ failures }) => Object.values(failures)));
    return [
      [
        shortTitle(server),
        phases[name],
        figure(sum(own.map(({ seconds }) => seconds))),
        count(sum(own.map(({ calls }) => calls))),
        figure(most(own.map(({ p50 }) => p50))),
        figure(most(own.map(({ p99 }) => p99))),
        figure(most(own.map(({ longest }) => longest))),
        figure(most(elsewhere.map(({ longest }) => longest))),
        failed === 0 ? '0' : `**${failed}**`,
      ],
    ];
  });
}

function verdict({ server, begins, rounds }: OnlineSample): string {
  const all = rounds.flatMap((round) => round.phases);
  const longestOf = (samples: readonly PhaseSample[]) =>
    Math.max(...samples.filter(({ phase }) => phase !== 'before').map((sample) => sample.longest));
  const longest = longestOf(all);
  const elsewhere = longestOf(rounds.flatMap((round) => round.elsewhere));
  const wanted = longestWanted[begins];
  const failures = Object.entries(
    all
      .flatMap((phase) => Object.entries(phase.failures))
      .reduce<Record<string, number>>(
        (sums, [reason, count]) => Object.assign(sums, { [reason]: count + (sums[reason] ?? 0) }),
        {},
      ),
  );
  const deadlocks = rounds.reduce((sum, round) => sum + (round.deadlocks ?? 0), 0);
  return [
    `**${shortTitle(server)}**: added in ${changes(rounds, ({ add }) => add)}`,
    ...(rounds.some(({ drop }) => drop) ? [`dropped in ${changes(rounds, ({ drop }) => drop)}`] : []),
    `the longest wait from then on was ${figure(longest)} ms (elsewhere ${figure(elsewhere)}), ${
      longest <= wanted ? 'as wanted' : `**more than the ${figure(wanted)} that are wanted**`
    }`,
    failures.length === 0
      ? 'no call failed'
      : `**calls failed**: ${failures.map(([reason, count]) => `${count} by ${reason}`).join(', ')}`,
    `deadlocks: ${deadlocks === 0 ? 0 : `**${deadlocks}**`}.`,
  ].join('; ');
}

function changes(rounds: readonly OnlineRound[], of: (round: OnlineRound) => Change | undefined): string {
  const all = rounds.flatMap((round) => of(round) ?? []);
  const gaveUp = all.flatMap((change) => change.gaveUp);
  return [
    `${all.map(({ seconds }) => figure(seconds)).join(', ')} s`,
    ...(all.some(({ attempts }) => attempts > 0)
      ? [`attempts that gave up before: ${all.map(({ attempts }) => attempts).join(', ')}`]
      : []),
    ...(gaveUp.length > 0
      ? [`and after the command had given up ${gaveUp.length} times, **${gaveUp[0]}**`]
      : []),
  ].join(', ');
}

function checkRows(samples: readonly OnlineSample[]): string[][] {
  return samples.flatMap(({ server, begins, rounds }) =>
    rounds.flatMap(({ consistency }) => {
      if (!consistency) return [];
      const { check, sessions, valued, users } = consistency;
      return [
        [
          shortTitle(server),
          titles[begins],
          check,
          count(sessions),
          count(valued),
          count(users.length),
          count(users.reduce((sum, user) => sum + user.sessions, 0)),
        ],
      ];
    }),
  );
}
