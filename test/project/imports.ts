import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import ts from 'typescript';

const source = join(__dirname, '../../src');

/** The folders of src in their order: each may import the ones after it, as `allowed` says. */
export const allowed: Readonly<Record<string, readonly string[]>> = {
  cli: ['install', 'sessions', 'routines', 'options', 'database', 'util'],
  install: ['options', 'database', 'util'],
  stores: ['sessions', 'options', 'util'],
  sessions: ['routines', 'options', 'database', 'util'],
  routines: ['options', 'database', 'util'],
  options: ['database', 'util'],
  database: ['util'],
  util: [],
};

export const folders = Object.keys(allowed);

/** Returns what each folder of src imports, type imports included. */
export function readImports(): Map<string, Set<string>> {
  const imports = new Map(folders.map((folder) => [folder, new Set<string>()]));
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    const folder = folderOf(file);
    if (!file.endsWith('.ts') || folder === undefined) {
      continue;
    }
    const { importedFiles } = ts.preProcessFile(readFileSync(join(source, file), 'utf8'));
    for (const { fileName } of importedFiles) {
      const target = fileName.startsWith('.') && folderOf(normalize(join(file, '..', fileName)));
      if (target && target !== folder) {
        imports.get(folder)?.add(target);
      }
    }
  }
  return imports;
}

// The leaves contract.ts and errors.ts belong to no folder.
function folderOf(file: string): string | undefined {
  return folders.find((folder) => file === folder || file.startsWith(`${folder}/`));
}

/** Draws the imports as a Mermaid diagram, without the arrows that longer paths imply. */
export function drawImports(imports: ReadonlyMap<string, ReadonlySet<string>>): string {
  const targetsOf = (folder: string) => [...(imports.get(folder) ?? [])];
  const reaches = (from: string, to: string): boolean =>
    targetsOf(from).some((next) => next === to || reaches(next, to));
  const arrows = folders.flatMap((folder) =>
    targetsOf(folder)
      .filter((target) => !targetsOf(folder).some((other) => reaches(other, target)))
      .toSorted()
      .map((target) => `  ${folder} --> ${target}`),
  );
  return ['```mermaid', 'flowchart TD', ...arrows, '```'].join('\n');
}

if (require.main === module) {
  console.log(drawImports(readImports()));
}
