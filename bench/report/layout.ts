import { type LayoutSample, layoutOperations } from '../measures/layout';
import { ownShape, shapes } from '../tables/shapes';
import { details, figure, image, ratioText, sizeText, table } from './markdown';
import type { Outcome } from './outcome';
import { circumstances, type Presentation } from './presentation';
import { type RatioPoint, ratioChart } from './ratio-chart';
import { median, ratios, type Spread } from './statistics';

interface Column {
  readonly title: string;
  readonly operation: LayoutSample['operation'];
  readonly size: number;
}

export function presentLayout(outcome: Outcome<'layout'>): Presentation {
  const { samples, plan } = outcome;
  const columns = columnsOf(outcome);
  const others = shapes.map(({ name }) => name).filter((name) => name !== ownShape);
  const ratioRows = others.map((shape) => [
    shape,
    diskRatio(outcome, shape),
    ...columns.map((column) => {
      const ratio = shapeRatio(samples.samples, shape, column);
      return ratio ? ratioText(ratio) : '–';
    }),
  ]);
  const rateRows = shapes.map(({ name }) => [
    name,
    figure(bytesOf(outcome, name) / 1_000_000),
    ...columns.map((column) => figure(median(ratesOf(samples.samples, name, column) ?? []))),
  ]);
  const titles = columns.map(({ title }) => title);
  const points = columns.flatMap((column) =>
    others.flatMap((shape): RatioPoint[] => {
      const ratio = shapeRatio(samples.samples, shape, column);
      return ratio ? [{ ...ratio, name: shape, row: column.title, column: '' }] : [];
    }),
  );
  return {
    markdown: [
      '# What the shape of the table costs',
      circumstances(outcome),
      `Tables of ${figure(samples.rows)} sessions under prepared statements, ${plan.callers} callers: how many times as many calls a second each shape
takes as the table of the migrations, and how many times as many bytes on the disk. The median of the rounds, and the
lowest and highest.`,
      image('layout.svg', 'Calls a second to those of the table as it is'),
      table([`to the table ${ownShape}`, 'disk', ...titles], ratioRows),
      details('Megabytes, and calls a second on this machine', table(['', 'MB', ...titles], rateRows)),
      details(
        'The shapes',
        table(
          ['', 'columns'],
          shapes.map(({ name, columns: text }) => [name, `\`${text.replace(/\s+/g, ' ')}\``]),
        ),
      ),
    ].join('\n\n'),
    charts: {
      'layout.svg': ratioChart('Each shape to the table as it is', 'times as many calls a second', points),
    },
  };
}

function columnsOf({ samples }: Outcome<'layout'>): Column[] {
  return layoutOperations.flatMap((operation) =>
    [
      ...new Set(samples.samples.filter((known) => known.operation === operation).map(({ size }) => size)),
    ].map((size) => ({ title: `${operation}, ${sizeText(size)}`, operation, size })),
  );
}

function shapeRatio(samples: readonly LayoutSample[], shape: string, column: Column): Spread | undefined {
  const [one, plain] = [ratesOf(samples, shape, column), ratesOf(samples, ownShape, column)];
  return one && plain && ratios(one, plain);
}

function ratesOf(samples: readonly LayoutSample[], shape: string, column: Column): number[] | undefined {
  const found = samples.find(
    (known) => known.shape === shape && known.operation === column.operation && known.size === column.size,
  );
  return found?.rounds.map(({ rate }) => rate);
}

function diskRatio(outcome: Outcome<'layout'>, shape: string): string {
  return figure(bytesOf(outcome, shape) / bytesOf(outcome, ownShape));
}

function bytesOf({ samples }: Outcome<'layout'>, shape: string): number {
  return samples.disk.find((known) => known.shape === shape)?.bytes ?? Number.NaN;
}
