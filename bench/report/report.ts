import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contenders } from '../contenders';
import { compare, median, type Sample, type Spread } from '../samples';
import { renderRatios } from './chart';
import type { SavedResult } from './result';

/** Writes Markdown and SVG for each result in a folder. Returns the paths of the pages. */
export async function writeReport(folder: string): Promise<string[]> {
  if (!existsSync(folder)) throw new Error(`${folder} has no results. Run: npm run bench`);
  const pages: string[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const result: SavedResult = JSON.parse(readFileSync(join(folder, file), 'utf8'));
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
    const page = join(folder, `${result.name}.md`);
    writeFileSync(page, `${parts.join('\n\n')}\n`);
    pages.push(page);
  }
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

function circumstances({ date, machine, rounds, packages }: SavedResult): string {
  const versions = table(['package', 'version'], Object.entries(packages));
  const folded = details('Versions of the packages', versions);
  return `${date}. ${machine}. Rounds: ${rounds}. A cell has the median of the rounds, and the lowest
and highest round. Contenders take turns in a round.\n\n${folded}`;
}

/** Returns a table whose columns are aligned right, except for the first. */
function table(header: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function details(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** Returns the median, and the lowest and highest round if they differ. */
function ratioText(spread: Spread | undefined): string {
  if (!spread) return '–';
  const [median, lowest, highest] = [spread.median, spread.lowest, spread.highest].map(figureText);
  return lowest === highest ? `${median}` : `${median} (${lowest}–${highest})`;
}

/** Returns three significant digits, or all digits of a number above 1,000. */
function figureText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 1_000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
