import type { Spread } from '../samples';

/** Returns a table whose columns are aligned right, except for the first. */
export function table(header: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function details(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** Returns the median, and the lowest and highest round if they differ. */
export function ratioText(spread: Spread | undefined): string {
  if (!spread) return '–';
  const [median, lowest, highest] = [spread.median, spread.lowest, spread.highest].map(figureText);
  return lowest === highest ? `${median}` : `${median} (${lowest}–${highest})`;
}

/** Returns three significant digits, or all digits of a number above 1,000. */
export function figureText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 1_000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
