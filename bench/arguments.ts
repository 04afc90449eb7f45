import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fullPlan, inRounds, type Plan, quickPlan, upTo } from './plan';

const partNames = ['store', 'layers', 'pages', 'scale', 'layout', 'attributes'] as const;

export type PartName = (typeof partNames)[number];

export interface Asked {
  readonly parts: readonly PartName[];
  readonly plan: Plan;
  /** The folder that the results are written to; undefined for one that is not there: they are printed. */
  readonly folder: string | undefined;
}

export const usage = `Usage: npm run bench -- [${partNames.join('] [')}] [--quick] [--rounds N] [--rows N] [--out FOLDER]

Measures these parts, or all of them, and writes the results to docs/benchmarks/.

  --quick       a little of everything, in a few minutes; the results are printed and not written
  --rounds N    how many times each contender has its turn
  --rows N      how many sessions the largest tables of the parts "scale" and "attributes" have, such as 10000000
  --out FOLDER  where the results are written to`;

/** @throws {TypeError} for an argument that does not exist or is no number */
export function parse(parameters: string[]): Asked {
  const { positionals, values } = parseArgs({
    args: parameters,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      rows: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const named = positionals.map(partName);
  let plan = values.quick ? quickPlan : fullPlan;
  if (values.rounds !== undefined) plan = inRounds(count('--rounds', values.rounds), plan);
  if (values.rows !== undefined) plan = upTo(count('--rows', values.rows), plan);
  const usual = values.quick ? undefined : join(__dirname, '..', 'docs', 'benchmarks');
  return { parts: named.length > 0 ? named : partNames, plan, folder: values.out ?? usual };
}

function partName(text: string): PartName {
  const name = partNames.find((known) => known === text);
  if (!name) throw new TypeError(`There is no part "${text}"`);
  return name;
}

function count(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new TypeError(`${option} takes a number, 1 or more`);
  return number;
}
