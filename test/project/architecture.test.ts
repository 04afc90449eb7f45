import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { allowed, drawImports, folders, readImports } from './imports';

const root = join(__dirname, '../..');
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');

/** Who may import a package. */
const owners = {
  'express-session': 'stores',
  knex: 'database',
  mysql2: 'database',
  umzug: 'install',
  commander: 'cli',
} as const;

/** Lints files with this project's rules and returns the findings as `file: rule`. */
async function lint(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lint-'));
  try {
    await copyFile(join(root, 'biome.json'), join(folder, 'biome.json'));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const report = await promisify(execFile)(
      process.execPath,
      [biome, 'lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=rdjson'],
      { cwd: folder, maxBuffer: 2 ** 26 },
    ).catch((error: { stdout: string }) => error);
    const { diagnostics } = JSON.parse(report.stdout);
    return diagnostics.map(
      ({ location, code }: { location: { path: string }; code: { value: string } }) =>
        `${location.path}: ${code.value}`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

const pairs = folders.flatMap((folder) =>
  folders.filter((target) => target !== folder).map((target) => [folder, target] as const),
);

test('Lint refuses each import that runs up, also of a type.', async (t) => {
  const files = Object.fromEntries(
    pairs.flatMap(([folder, target]) => [
      [`src/${folder}/uses-${target}.ts`, `export { x } from '../${target}/x';\n`],
      [`src/${folder}/deep/types-${target}.ts`, `export type { X } from '../../${target}';\n`],
    ]),
  );
  const expected = pairs
    .filter(([folder, target]) => !allowed[folder]?.includes(target))
    .flatMap(([folder, target]) => [
      `src/${folder}/uses-${target}.ts: lint/style/noRestrictedImports`,
      `src/${folder}/deep/types-${target}.ts: lint/style/noRestrictedImports`,
    ]);
  t.true(expected.length > 0);
  t.deepEqual((await lint(files)).toSorted(), expected.toSorted());
});

test('Lint lets only the owner import a package.', async (t) => {
  const packages = Object.entries(owners);
  const files = Object.fromEntries(
    packages.flatMap(([name]) =>
      [...folders, '.'].map((folder) => [
        join('src', folder, `uses-${name}.ts`),
        `export { x } from '${name}';\n`,
      ]),
    ),
  );
  const expected = packages.flatMap(([name, owner]) =>
    [...folders, '.']
      .filter((folder) => folder !== owner)
      .map((folder) => `${join('src', folder, `uses-${name}.ts`)}: lint/style/noRestrictedImports`),
  );
  t.deepEqual((await lint(files)).toSorted(), expected.toSorted());
});

test('Lint keeps the installer and the command line out of the entry points.', async (t) => {
  const files = {
    'src/uses-install.ts': "export { install } from './install';\n",
    'src/uses-cli.ts': "export { x } from './cli/x';\n",
    'src/uses-stores.ts': "export { x } from './stores/x';\n",
  };
  t.deepEqual((await lint(files)).toSorted(), [
    'src/uses-cli.ts: lint/style/noRestrictedImports',
    'src/uses-install.ts: lint/style/noRestrictedImports',
  ]);
});

test('Lint refuses a cycle of type imports.', async (t) => {
  const files = {
    'src/util/one.ts': "import type { Two } from './two';\n\nexport type One = Two[];\n",
    'src/util/two.ts': "import type { One } from './one';\n\nexport type Two = One[];\n",
  };
  t.deepEqual((await lint(files)).toSorted(), [
    'src/util/one.ts: lint/suspicious/noImportCycles',
    'src/util/two.ts: lint/suspicious/noImportCycles',
  ]);
});

test('No import of src runs up.', (t) => {
  for (const [folder, targets] of readImports()) {
    t.deepEqual(
      [...targets].filter((target) => !allowed[folder]?.includes(target)),
      [],
      folder,
    );
  }
});

test('CONTRIBUTING.md shows the imports that the code has.', async (t) => {
  const contributing = await readFile(join(root, 'CONTRIBUTING.md'), 'utf8');
  const drawing = drawImports(readImports());
  t.true(contributing.includes(drawing), `CONTRIBUTING.md needs this drawing:\n${drawing}`);
});
