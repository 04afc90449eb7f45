import { own } from '../contenders';
import { operationNames } from '../measures/operations';
import type { StoreSample } from '../measures/store';
import { details, figure, image, ratioText, sizeText, table } from './markdown';
import type { Outcome } from './outcome';
import { circumstances, type Presentation } from './presentation';
import { type RatioPoint, ratioChart } from './ratio-chart';
import { median, ratios, type Spread } from './statistics';

export function presentStore(outcome: Outcome<'store'>): Presentation {
  const { samples, plan } = outcome;
  const others = contendersIn(samples).filter((name) => name !== own);
  const sections = plan.sizes.map((size) => section(outcome, size, others));
  const charts = plan.sizes.map((size) => [chartFile(size), chart(outcome, size, others)] as const);
  return {
    markdown: [
      '# What a call of the store costs',
      circumstances(outcome),
      `How many times as many calls a second as each contender ${own} makes: the median of the rounds, and the lowest and
highest. Contenders take turns, so that each ratio compares neighbours in time. The mysql2 contenders are no
stores: they only do what a store cannot do without, as CALLs or as prepared statements on the same table.`,
      ...sections,
    ].join('\n\n'),
    charts: Object.fromEntries(charts),
  };
}

/** How many times as many calls this package's store makes; undefined where one of the two was not measured. */
export function storeRatio(
  samples: readonly StoreSample[],
  cell: Pick<StoreSample, 'contender' | 'operation' | 'size' | 'callers'>,
): Spread | undefined {
  const ours = ratesOf(samples, { ...cell, contender: own });
  const theirs = ratesOf(samples, cell);
  return ours && theirs && ratios(ours, theirs);
}

function section({ samples, plan }: Outcome<'store'>, size: number, others: readonly string[]): string {
  const cells = operationNames.flatMap((operation) =>
    plan.callers.map((callers) => ({ operation, callers, size })),
  );
  const ratioRows = cells.map(({ operation, callers }) => [
    operation,
    String(callers),
    ...others.map((contender) => {
      const ratio = storeRatio(samples, { contender, operation, size, callers });
      return ratio ? ratioText(ratio) : '–';
    }),
  ]);
  const rateRows = cells.map(({ operation, callers }) => [
    operation,
    String(callers),
    ...[own, ...others].map((contender) =>
      figure(median(ratesOf(samples, { contender, operation, size, callers }) ?? [])),
    ),
  ]);
  return [
    `## Sessions of ${sizeText(size)}`,
    image(chartFile(size), `Calls a second to each contender's, sessions of ${sizeText(size)}`),
    table(['call', 'callers', ...others.map((name) => `to ${name}`)], ratioRows),
    details('Calls a second on this machine, medians', table(['call', 'callers', own, ...others], rateRows)),
  ].join('\n\n');
}

function chart({ samples, plan }: Outcome<'store'>, size: number, others: readonly string[]) {
  const points = operationNames.flatMap((operation) =>
    plan.callers.flatMap((callers) =>
      others.flatMap((contender): RatioPoint[] => {
        const ratio = storeRatio(samples, { contender, operation, size, callers });
        const column = callers === 1 ? '1 caller' : `${callers} callers`;
        return ratio ? [{ ...ratio, name: contender, row: operation, column }] : [];
      }),
    ),
  );
  return ratioChart(
    `${own} to each contender, sessions of ${sizeText(size)}`,
    'times as many calls a second',
    points,
  );
}

function chartFile(size: number): string {
  return `store-${size}.svg`;
}

function contendersIn(samples: readonly StoreSample[]): string[] {
  return [...new Set(samples.map(({ contender }) => contender))];
}

function ratesOf(
  samples: readonly StoreSample[],
  cell: Pick<StoreSample, 'contender' | 'operation' | 'size' | 'callers'>,
): number[] | undefined {
  const found = samples.find(
    ({ contender, operation, size, callers }) =>
      contender === cell.contender &&
      operation === cell.operation &&
      size === cell.size &&
      callers === cell.callers,
  );
  return found?.rounds.map(({ rate }) => rate);
}
