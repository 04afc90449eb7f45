import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contenders } from '../contenders';
import { compare, median, type Sample } from '../samples';
import { renderRatios } from './chart';
import { goalTable } from './goals';
import { details, figureText, ratioText, table } from './markdown';
import type { SavedResult } from './result';

const aboutGoals = `A goal is a ratio that each of its cells should have. The table shows the worst
cell of each goal: its median, and its lowest and highest round.`;

/**
 * Writes Markdown and SVG for each result in a folder, and a page with the goals. Returns the paths
 * of the pages.
 */
export async function writeReport(folder: string): Promise<string[]> {
  if (!existsSync(folder)) throw new Error(`${folder} has no results. Run: npm run bench`);
  const results: SavedResult[] = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const pages: string[] = [];
  const writePage = (name: string, parts: readonly string[]) => {
    const page = join(folder, `${name}.md`);
    writeFileSync(page, `${parts.join('\n\n')}\n`);
    pages.push(page);
  };
  for (const result of results) {
    const parts = [`# ${result.title}`, circumstances(result), result.about];
    for (const section of new Set(result.samples.map((sample) => sample.section))) {
      // Each round starts with another contender, so the order of the samples is by chance.
      const samples = contenders.flatMap(({ name }) =>
        result.samples.filter((known) => known.section === section && known.contender === name),
      );
      const image = `${result.name}-${section.toLowerCase().replace(/\W+/g, '-')}.svg`;
      writeFileSync(join(folder, image), await renderRatios(section, compare(samples)));
      parts.push(`## ${section}`, `![Ratios: ${section}](${image})`, ...tables(samples));
    }
    writePage(result.name, parts);
  }
  const title = '# Goals and results';
  writePage('goals', [title, aboutGoals, ...results.map(measured), goalTable(results)]);
  return pages;
}

function tables(samples: readonly Sample[]): string[] {
  const names = [...new Set(samples.map(({ contender }) => contender))];
  const rows = [...new Set(samples.map(({ row }) => row))];
  const ratios = compare(samples);
  const compared = names.filter((name) => ratios.some(({ contender }) => contender === name));
  const ratioRows = rows.flatMap((row) => {
    const ofRow = ratios.filter((ratio) => ratio.row === row);
    if (ofRow.length === 0) return [];
    const cells = compared.map((name) => ofRow.find(({ contender }) => contender === name));
    return [[row, ...cells.map(ratioText)]];
  });
  const medianRows = rows.map((row) => [
    row,
    ...names.map((contender) => {
      const sample = samples.find((known) => known.row === row && known.contender === contender);
      return figureText(median(sample?.values ?? []));
    }),
  ]);
  return [
    table(['ratio', ...compared], ratioRows),
    details('Medians on this machine', table(['', ...names], medianRows)),
  ];
}

function measured(result: SavedResult): string {
  return `\`${result.name}\`: ${describeRun(result)}`;
}

function describeRun({ date, machine, rounds, busy }: SavedResult): string {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return `${date}, ${rounds} rounds. ${machine}.
Others used ${percent(busy.before)} of the CPU before the run, and ${percent(busy.after)} after it.`;
}

function circumstances(result: SavedResult): string {
  const { packages } = result;
  const versions = table(['package', 'version'], Object.entries(packages));
  const folded = details('Versions of the packages', versions);
  return `${describeRun(result)}

A cell has the median of the rounds, and the lowest and highest round. Contenders take turns in a
round.

${folded}`;
}
