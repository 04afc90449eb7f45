import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

/** What an edition has in the place of a file's text, which is undefined where the package has no such file. */
export type Edits = Readonly<Record<string, string | ((text: string) => string)>>;

/** The package with other SQL, as another release of it would be. */
export interface Edition {
  readonly folder: string;
  /** Its own installer. */
  readonly installer: typeof import('../../src/install');
}

const root = join(__dirname, '../..');

/** Copies the package and changes SQL in the copy, by the path of the file; it goes when the test is over. */
export async function createEdition(t: ExecutionContext, edits: Edits): Promise<Edition> {
  const folder = await mkdtemp(join(tmpdir(), 'edition-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const path of ['src', 'sql', 'migrations', 'package.json', 'tsconfig.json']) {
    await cp(join(root, path), join(folder, path), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, edit] of Object.entries(edits)) {
    const file = join(folder, path);
    await writeFile(file, typeof edit === 'string' ? edit : edit(await readFile(file, 'utf8')));
  }
  return { folder, installer: require(join(folder, 'src/install')) };
}

/** Edits after which every routine is another, and does what it did. */
export const everyRoutineChanged: Edits = Object.fromEntries(
  readdirSync(join(root, 'sql/routines')).map((file) => [`sql/routines/${file}`, revised]),
);

function revised(text: string): string {
  return text.replace("\nCOMMENT '", "\nCOMMENT 'Revised. ");
}

// No server but MariaDB has ADD COLUMN IF NOT EXISTS, and a migration survives being run again on all.
function columnMigration(found: string, missing: string): string {
  return [
    '-- What the user was last seen with.',
    'SET @migration = IF(EXISTS (',
    '  SELECT 1 FROM information_schema.columns',
    "  WHERE table_schema = DATABASE() AND table_name = TRIM(BOTH '`' FROM '`sessions`') AND column_name = 'agent'",
    `), '${found}', '${missing}');`,
    'PREPARE migration FROM @migration;',
    'EXECUTE migration;',
    'DEALLOCATE PREPARE migration;',
    '',
  ].join('\n');
}

const addColumn = 'ALTER TABLE `sessions` ADD COLUMN agent VARCHAR(255)';
const dropColumn = 'ALTER TABLE `sessions` DROP COLUMN agent';

/** A later release: some routines have another text, and two migrations follow the first. */
export const nextRelease: Edits = {
  'sql/routines/sess_get.sql': revised,
  'sql/routines/sess_length.sql': revised,
  'migrations/0002_add_agent.up.sql': columnMigration('DO 0', addColumn),
  'migrations/0002_add_agent.down.sql': columnMigration(dropColumn, 'DO 0'),
  'migrations/0003_create_agents.up.sql':
    'CREATE TABLE IF NOT EXISTS `sess_agents` (agent VARCHAR(255) NOT NULL PRIMARY KEY);\n',
  'migrations/0003_create_agents.down.sql': 'DROP TABLE IF EXISTS `sess_agents`;\n',
};
