import type { GrowthSample } from '../measures/growth';
import type { Chart } from './charts';
import { details, figure, image, ratioText, table } from './markdown';
import type { Outcome } from './outcome';
import { median, ratios, type Spread } from './statistics';

type Percentile = 'p50' | 'p99';

const operations = ['get hit', 'set changed'] as const;
const percentiles = ['p50', 'p99'] as const;

export const growthFile = 'scale-growth.svg';

/** What calls cost, and bytes, as the tables grow. */
export function growthSection(outcome: Outcome<'scale'>): string {
  const { plan } = outcome;
  const [least = 0] = plan.rows;
  const header = ['', 'sessions', ...operations.flatMap((name) => percentiles.map((p) => `${name} ${p}`))];
  return [
    `## From ${figure(least)} sessions to ${figure(Math.max(...plan.rows))}`,
    `How many times as long a call takes as on a table of ${figure(least)} sessions, ${plan.callers} callers: the median of the rounds, and the
lowest and highest.`,
    image(growthFile, 'How calls grow with the table'),
    table(header, growthRows(outcome)),
    details('Milliseconds on this machine, medians', table(header, timeRows(outcome))),
    '## On the disk',
    table(['bytes a session', ...plan.rows.map(figure)], diskRows(outcome)),
  ].join('\n\n');
}

/** How many times as long a call takes on the larger table; undefined where one of the two was not measured. */
export function growthOf(
  samples: readonly GrowthSample[],
  contender: string,
  operation: GrowthSample['operation'],
  percentile: Percentile,
  from: number,
  to: number,
): Spread | undefined {
  const at = (rows: number) => timesOf(samples, contender, operation, percentile, rows);
  const [before, after] = [at(from), at(to)];
  return before && after && ratios(after, before);
}

export function growthChart(outcome: Outcome<'scale'>): Chart {
  const { samples, plan } = outcome;
  const [least = 0] = plan.rows;
  const values = contendersIn(outcome).flatMap((contender) =>
    plan.rows.flatMap((rows) =>
      operations.flatMap((operation) =>
        percentiles.flatMap((percentile) => {
          const growth = growthOf(samples.growth, contender, operation, percentile, least, rows);
          return growth ? [{ contender, rows, operation, percentile, ...growth }] : [];
        }),
      ),
    ),
  );
  return {
    title: { text: `How many times as long as with ${figure(least)} sessions`, anchor: 'start' },
    data: { values },
    facet: {
      row: { field: 'percentile', type: 'nominal', header: { labelAngle: 0 } },
      column: { field: 'operation', type: 'nominal' },
    },
    spec: {
      width: 300,
      height: 180,
      encoding: {
        x: {
          field: 'rows',
          type: 'quantitative',
          scale: { type: 'log' },
          title: 'sessions',
          axis: { format: '~s', tickCount: 5 },
        },
        y: { field: 'median', type: 'quantitative', title: 'times as long' },
        color: { field: 'contender', type: 'nominal', sort: contendersIn(outcome) },
      },
      layer: [
        { mark: { type: 'line', point: true } },
        {
          mark: { type: 'rule', opacity: 0.4 },
          encoding: { y: { field: 'lowest', type: 'quantitative' }, y2: { field: 'highest' } },
        },
      ],
    },
  };
}

function growthRows(outcome: Outcome<'scale'>): string[][] {
  const { samples, plan } = outcome;
  const [least = 0, ...larger] = plan.rows;
  return contendersIn(outcome).flatMap((contender) =>
    larger.map((rows) => [
      contender,
      figure(rows),
      ...operations.flatMap((operation) =>
        percentiles.map((percentile) => {
          const growth = growthOf(samples.growth, contender, operation, percentile, least, rows);
          return growth ? ratioText(growth) : '–';
        }),
      ),
    ]),
  );
}

function timeRows(outcome: Outcome<'scale'>): string[][] {
  const { samples, plan } = outcome;
  return contendersIn(outcome).flatMap((contender) =>
    plan.rows.map((rows) => [
      contender,
      figure(rows),
      ...operations.flatMap((operation) =>
        percentiles.map((percentile) =>
          figure(median(timesOf(samples.growth, contender, operation, percentile, rows) ?? [])),
        ),
      ),
    ]),
  );
}

function diskRows(outcome: Outcome<'scale'>): string[][] {
  const { samples, plan } = outcome;
  return contendersIn(outcome).map((contender) => [
    contender,
    ...plan.rows.map((rows) => {
      const found = samples.disk.find((sample) => sample.contender === contender && sample.rows === rows);
      return found ? figure(found.bytes / rows) : '–';
    }),
  ]);
}

function contendersIn({ samples }: Outcome<'scale'>): string[] {
  return [...new Set(samples.disk.map(({ contender }) => contender))];
}

function timesOf(
  samples: readonly GrowthSample[],
  contender: string,
  operation: GrowthSample['operation'],
  percentile: Percentile,
  rows: number,
): number[] | undefined {
  const found = samples.find(
    (known) => known.contender === contender && known.operation === operation && known.rows === rows,
  );
  return found?.rounds.map((round) => round[percentile]);
}
