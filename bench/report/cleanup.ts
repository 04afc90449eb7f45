import type { CleanupRound, CleanupSample } from '../measures/cleanup';
import type { Steady } from '../measures/steady';
import type { Chart } from './charts';
import { figure, image, ratioText, table } from './markdown';
import type { Outcome } from './outcome';
import { median, ratios, type Spread } from './statistics';

export const cleanupFile = 'scale-cleanup.svg';

const header = [
  '',
  'get p50',
  'get p99',
  'set p50',
  'set p99',
  'longest stall, ms',
  'the same with no cleanup',
  'time, s',
  'deleted',
  'deadlocks',
  'failed calls',
];

/** What users feel of the cleanup. */
export function cleanupSection({ samples, plan }: Outcome<'scale'>): string {
  const { expired, callsASecond } = plan.cleanup;
  return [
    `## While ${figure(expired)} expired sessions are cleaned up`,
    `${figure(callsASecond)} calls a second, every other one a set, on a table of ${figure(Math.max(...plan.rows))} sessions, while each store cleans up in its own
way. p50 and p99 are those of calls made meanwhile, to the same load just before with no cleanup. Stalls and times are those of this machine.`,
    image(cleanupFile, 'The longest call in each second of the cleanup'),
    table(header, samples.cleanup.map(cleanupRow)),
  ].join('\n\n');
}

/** How many times as long the calls take while the store cleans up. */
export function cleanupRatio(
  { rounds }: CleanupSample,
  kind: 'get' | 'set',
  percentile: 'p50' | 'p99',
): Spread {
  const of = (steady: (round: CleanupRound) => Steady) =>
    rounds.map((round) => steady(round)[kind][percentile]);
  return ratios(
    of(({ cleaning }) => cleaning),
    of(({ base }) => base),
  );
}

export function cleanupChart({ samples }: Outcome<'scale'>): Chart {
  const values = samples.cleanup.flatMap(({ contender, rounds: [first] }) =>
    (first?.cleaning.timeline ?? []).map((longest, second) => ({ contender, second, longest })),
  );
  return {
    title: { text: 'The longest call in each second of the cleanup, ms', anchor: 'start' },
    data: { values },
    width: 640,
    height: 260,
    mark: { type: 'line', interpolate: 'step-after' },
    encoding: {
      x: { field: 'second', type: 'quantitative', title: 'seconds since the cleanup began' },
      y: {
        field: 'longest',
        type: 'quantitative',
        scale: { type: 'log' },
        title: 'milliseconds',
        axis: { format: '~s' },
      },
      color: { field: 'contender', type: 'nominal', sort: samples.cleanup.map(({ contender }) => contender) },
    },
  };
}

function cleanupRow(sample: CleanupSample): string[] {
  const { contender, rounds } = sample;
  const longest = ({ get, set }: Steady) => Math.max(get.longest, set.longest);
  const most = (values: readonly number[]) => figure(Math.max(...values));
  const failed = rounds.flatMap(({ cleaning }) => Object.values(cleaning.failures));
  const deadlocks = rounds.map((round) => round.deadlocks ?? Number.NaN);
  return [
    contender,
    ...(['get', 'set'] as const).flatMap((kind) =>
      (['p50', 'p99'] as const).map((percentile) => ratioText(cleanupRatio(sample, kind, percentile))),
    ),
    most(rounds.map(({ cleaning }) => longest(cleaning))),
    most(rounds.map(({ base }) => longest(base))),
    figure(median(rounds.map(({ cleaning }) => cleaning.cleanupSeconds ?? Number.NaN))),
    figure(median(rounds.map(({ deleted }) => deleted))),
    most(deadlocks),
    String(failed.reduce((sum, count) => sum + count, 0)),
  ];
}
