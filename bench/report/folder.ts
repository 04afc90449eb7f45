import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartName } from '../arguments';
import { render } from './charts';
import type { Outcomes } from './goals';
import { jsonOf } from './json';
import type { Outcome } from './outcome';
import type { Presentation } from './presentation';
import { presentReach } from './reach';

/** Writes a part's figures, tables and charts, in place of those of an earlier run. */
export async function writePart(
  folder: string,
  outcome: Outcome,
  { markdown, charts }: Presentation,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${outcome.part}.json`), await jsonOf(outcome));
  await writeFile(join(folder, `${outcome.part}.md`), `${markdown}\n`);
  for (const [file, chart] of Object.entries(charts)) {
    await writeFile(join(folder, file), `${await render(chart)}\n`);
  }
}

/** Holds the goals against all that the folder has, from this run or earlier ones. */
export async function writeReach(folder: string): Promise<void> {
  const [store, pages, scale] = [
    await readPart(folder, 'store'),
    await readPart(folder, 'pages'),
    await readPart(folder, 'scale'),
  ];
  const outcomes: Outcomes = {
    ...(store ? { store } : {}),
    ...(pages ? { pages } : {}),
    ...(scale ? { scale } : {}),
  };
  await writeFile(join(folder, 'reach.md'), `${presentReach(outcomes)}\n`);
}

async function readPart<Part extends PartName>(
  folder: string,
  part: Part,
): Promise<Outcome<Part> | undefined> {
  return readFile(join(folder, `${part}.json`), 'utf8').then(JSON.parse, () => undefined);
}
