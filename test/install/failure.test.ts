import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import { grant, install, rollback } from '../../src/install';
import { cleanEnvironment, program } from '../cli/run-cli';
import { createDatabase, type TestDatabase } from '../support/database';
import { sample } from '../support/scale';
import { readCatalog } from './catalog';
import { createEdition, nextRelease } from './edition';
import { type Gate, openGate } from './gate';

/** Something that an installer does, and that may be interrupted. */
interface Operation {
  readonly database: TestDatabase;
  /** Restores the database to the state before the operation. */
  reset(): Promise<unknown>;
  run(url: string): Promise<unknown>;
  /** The same operation on the command line: its folder and arguments. */
  readonly command: { readonly folder: string | undefined; readonly args: readonly string[] };
}

const operations: Record<string, (t: ExecutionContext) => Promise<Operation>> = {
  'An installation': async (t) => {
    const database = await createDatabase(t);
    return {
      database,
      reset: () => rollback({ connection: database.url }, 0),
      run: (url) => install({ connection: url }),
      command: { folder: undefined, args: ['migrate'] },
    };
  },
  'An upgrade': async (t) => {
    const database = await createDatabase(t);
    const account = await database.createAccount();
    const { folder, installer } = await createEdition(t, nextRelease);
    await install({ connection: database.url });
    await grant({ connection: database.url }, account.name);
    return {
      database,
      reset: async () => {
        await installer.rollback({ connection: database.url }, 1);
        await install({ connection: database.url });
      },
      run: (url) => installer.install({ connection: url }),
      command: { folder, args: ['migrate'] },
    };
  },
  'A rollback': async (t) => {
    const database = await createDatabase(t);
    const account = await database.createAccount();
    return {
      database,
      reset: async () => {
        await install({ connection: database.url });
        await grant({ connection: database.url }, account.name);
      },
      run: (url) => rollback({ connection: url }, 0),
      command: { folder: undefined, args: ['rollback', '--to', '0', '--yes'] },
    };
  },
};

/** How a gate interrupts an operation, and how the operation then ends. */
const interruptions = {
  killed: {
    closing: 'keep waiting',
    // Each starts a process.
    samples: 2,
    end: /^SIGKILL$/,
    interrupt: async (gate: Gate, { command }: Operation) => {
      const [node = '', ...first] = program;
      const child = spawn(node, [...first, ...command.args, '--url', gate.url], {
        cwd: command.folder,
        env: cleanEnvironment({}),
        stdio: 'ignore',
      });
      const ended = once(child, 'close');
      await Promise.race([gate.closed, ended]);
      child.kill('SIGKILL');
      const [code, signal] = await ended;
      return String(signal ?? code);
    },
  },
  refused: {
    closing: 'refuse',
    samples: 6,
    end: /read-only/,
    interrupt: (gate: Gate, { run }: Operation) => run(gate.url).then(() => 'success', String),
  },
} as const;

for (const [what, begin] of Object.entries(operations)) {
  for (const [how, { closing, samples, end, interrupt }] of Object.entries(interruptions)) {
    test(`${what} that was ${how} after a statement is completed by the next run.`, async (t) => {
      t.timeout(600_000);
      const operation = await begin(t);
      const { database, reset, run } = operation;
      await reset();
      const open = await openGate(t, database.url, { after: Number.POSITIVE_INFINITY, closing });
      await run(open.url);
      const uninterrupted = await readCatalog(database);
      t.true(open.statements() > 10);
      const moments = sample([...Array(open.statements()).keys()], samples);
      for (const after of moments) {
        await reset();
        const gate = await openGate(t, database.url, { after, closing });
        t.regex(
          await interrupt(gate, operation),
          end,
          `It was not ${how} after ${after} statements.`,
        );
        t.is(gate.statements(), after + 1);
        await run(database.url);
        t.deepEqual(
          await readCatalog(database),
          uninterrupted,
          `It differs after ${after} statements.`,
        );
      }
      t.log(`${moments.length} of ${open.statements()} statements`);
    });
  }
}
