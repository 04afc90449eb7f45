import { own } from './contenders';

/** Where a value belongs: a row of a table, with a column for each contender. */
export interface Cell {
  readonly section: string;
  readonly row: string;
  readonly contender: string;
  /** True for times, false for rates. */
  readonly lessIsBetter: boolean;
  /**
   * The row to compare with, of the same contender. The report shows a row that is its own base
   * without a ratio. By default, the report compares this package with the contender.
   */
  readonly base?: string;
}

/** The values of a cell, one a round. */
export interface Sample extends Cell {
  readonly values: number[];
}

export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Collects the values of a measure. */
export class Samples {
  readonly all: Sample[] = [];

  add(cell: Cell, value: number): void {
    const sample = findSample(this.all, cell) ?? { ...cell, values: [] };
    if (sample.values.length === 0) this.all.push(sample);
    sample.values.push(value);
  }
}

function findSample(
  samples: readonly Sample[],
  { section, row, contender }: Pick<Cell, 'section' | 'row' | 'contender'>,
): Sample | undefined {
  return samples.find(
    (known) => known.section === section && known.row === row && known.contender === contender,
  );
}

/** The ratio of one contender in one row of a table. */
export interface Comparison extends Spread {
  readonly row: string;
  readonly contender: string;
  readonly lessIsBetter: boolean;
}

/** Compares each sample with its base, or this package with each other contender. */
export function compare(samples: readonly Sample[]): Comparison[] {
  return samples.flatMap((sample) => {
    const { section, row, contender, lessIsBetter, base } = sample;
    if (base === row || (base === undefined && contender === own)) return [];
    const other = { section, row: base ?? row, contender: base ? contender : own };
    const found = findSample(samples, other);
    if (!found) return [];
    const ratio = base ? ratioOf(sample, found) : ratioOf(found, sample);
    return [{ ...ratio, row, contender, lessIsBetter }];
  });
}

/** Compares round by round, because a slow machine slows both samples of a round. */
function ratioOf(sample: Sample, to: Sample): Spread {
  const ratios = sample.values.map((value, round) => value / (to.values[round] ?? Number.NaN));
  return { median: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const [lower, upper] = [Math.floor, Math.ceil].map(
    (round) => sorted[round((sorted.length - 1) / 2)],
  );
  return ((lower ?? Number.NaN) + (upper ?? Number.NaN)) / 2;
}
