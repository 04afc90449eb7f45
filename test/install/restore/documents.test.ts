import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { failoverStatements } from '../replica-pair';
import {
  allOptions,
  createCommand,
  dropCommand,
  dumpCommand,
  editCommand,
  loadCommand,
  withoutSessions,
} from './drill';

/** Returns a document of docs/ on one line. */
async function readDocument(name: string): Promise<string> {
  const text = await readFile(join(__dirname, '../../../docs', name), 'utf8');
  return text.replace(/\n\s*/g, ' ');
}

for (const flavor of ['mariadb', 'mysql'] as const) {
  test(`docs/backup.md has the commands of the restores: ${flavor}.`, async (t) => {
    const text = await readDocument('backup.md');
    const commands = [
      dumpCommand(flavor, '--single-transaction'),
      dumpCommand(flavor, allOptions),
      withoutSessions,
      dropCommand(flavor, 'shop'),
      ...(['shop', 'shop_test'] as const).flatMap((database) => [
        createCommand(flavor, database),
        loadCommand(flavor, database),
      ]),
      editCommand,
    ];
    t.deepEqual(
      commands.filter((command) => !text.includes(command)),
      [],
    );
  });

  test(`docs/failover.md has the statements of the failovers: ${flavor}.`, async (t) => {
    const text = await readDocument('failover.md');
    const { protect, promote, rejoin, follow } = failoverStatements[flavor];
    const statements = [protect, ...rejoin, follow, ...promote].map((statement) => `${statement};`);
    t.deepEqual(
      statements.filter((statement) => !text.includes(statement)),
      [],
    );
  });
}
