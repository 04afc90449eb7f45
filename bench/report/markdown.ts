import type { Spread } from './statistics';

/** A table of Markdown, with figures to the right. */
export function table(header: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = header.map((_, index) => (rows.every((cells) => isFigure(cells[index])) ? '---:' : '---'));
  return [header, rule, ...rows].map(line).join('\n');
}

function isFigure(cell = ''): boolean {
  return /^(\d[\d.,]*( \(.*\))?|–)$/.test(cell);
}

/** What is there for those who look for it. */
export function details(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

export function image(file: string, alternative: string): string {
  return `![${alternative}](${file})`;
}

/** The median, and from the lowest to the highest of all rounds where there is more than one. */
export function ratioText({ median, lowest, highest }: Spread): string {
  const text = figure(median);
  return lowest === highest ? text : `${text} (${figure(lowest)}–${figure(highest)})`;
}

/** Three digits that count, and thousands apart. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.min(2, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1))));
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A whole number, thousands apart. */
export function count(value: number): string {
  return value.toLocaleString('en');
}

/** Characters of a session's text, for people. */
export function sizeText(size: number): string {
  return size < 1_024 ? `${size} B` : `${size / 1_024} KB`;
}
