import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '../support/scope';

/** The new text of each changed file, or a function that edits its text. */
export type Edits = Readonly<Record<string, string | ((text: string) => string)>>;

/** A copy of the package with other SQL, like another release. */
export interface Edition {
  readonly folder: string;
  /** The installer of the copy. */
  readonly installer: typeof import('../../src/install');
}

const root = join(__dirname, '../..');

/** Copies the package, and edits SQL files in the copy. Deletes the copy after the test. */
export async function createEdition(scope: Scope, edits: Edits): Promise<Edition> {
  const folder = await mkdtemp(join(tmpdir(), 'edition-'));
  scope.teardown(() => rm(folder, { recursive: true, force: true }));
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

/** Edits that change every routine, but not what it does. */
export const everyRoutineChanged: Edits = Object.fromEntries(
  readdirSync(join(root, 'sql/routines')).map((file) => [`sql/routines/${file}`, revised]),
);

function revised(text: string): string {
  return text.replace("\nCOMMENT '", "\nCOMMENT 'Revised. ");
}

// A migration may run twice on every server. Only MariaDB has ADD COLUMN IF NOT EXISTS.
function columnMigration(found: string, missing: string): string {
  return [
    '-- The browser of the user.',
    'SET @migration = IF(EXISTS (',
    '  SELECT 1 FROM information_schema.columns',
    "  WHERE table_schema = DATABASE() AND table_name = TRIM(BOTH '`' FROM '{{table}}') AND column_name = 'agent'",
    `), '${found}', '${missing}');`,
    'PREPARE migration FROM @migration;',
    'EXECUTE migration;',
    'DEALLOCATE PREPARE migration;',
    '',
  ].join('\n');
}

const addColumn = 'ALTER TABLE {{table}} ADD COLUMN agent VARCHAR(255)';
const dropColumn = 'ALTER TABLE {{table}} DROP COLUMN agent';

/** The edits of a later release: two changed routines, and two more migrations. */
export const nextRelease: Edits = {
  'sql/routines/sess_get.sql': revised,
  'sql/routines/sess_length.sql': revised,
  'migrations/0002_add_agent.up.sql': columnMigration('DO 0', addColumn),
  'migrations/0002_add_agent.down.sql': columnMigration(dropColumn, 'DO 0'),
  'migrations/0003_create_agents.up.sql':
    'CREATE TABLE IF NOT EXISTS sess_agents (agent VARCHAR(255) NOT NULL PRIMARY KEY);\n',
  'migrations/0003_create_agents.down.sql': 'DROP TABLE IF EXISTS sess_agents;\n',
};
