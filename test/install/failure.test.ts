import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import { grant, install, rollback } from '../../src/install';
import { cleanEnvironment, program } from '../cli/cli';
import { createDatabase, type TestDatabase } from '../database';
import { catalogueOf } from './catalogue';
import { createEdition, nextRelease } from './edition';
import { type Gate, openGate } from './gate';

/** Something that an installer does, and that may end in the middle. */
interface Undertaking {
  readonly database: TestDatabase;
  /** Puts the database into the state in which it begins. */
  reset(): Promise<unknown>;
  run(url: string): Promise<unknown>;
  /** The same on the command line: in this folder, with these arguments. */
  readonly command: { readonly folder: string | undefined; readonly args: readonly string[] };
}

const undertakings: Record<string, (t: ExecutionContext) => Promise<Undertaking>> = {
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

/** How an undertaking comes to grief at a gate, and how it then ends. */
const griefs = {
  killed: {
    closing: 'keep waiting',
    end: /^SIGKILL$/,
    meet: async (gate: Gate, { command }: Undertaking) => {
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
    end: /read-only/,
    meet: (gate: Gate, { run }: Undertaking) => run(gate.url).then(() => 'success', String),
  },
} as const;

for (const [what, begin] of Object.entries(undertakings)) {
  for (const [how, { closing, end, meet }] of Object.entries(griefs)) {
    test(`${what} that was ${how} after any statement is finished by the next run.`, async (t) => {
      t.timeout(600_000);
      const undertaking = await begin(t);
      const { database, reset, run } = undertaking;
      await reset();
      const open = await openGate(t, database.url, { after: Number.POSITIVE_INFINITY, closing });
      await run(open.url);
      const undisturbed = await catalogueOf(database);
      t.true(open.statements() > 10);
      for (let after = 0; after < open.statements(); after++) {
        await reset();
        const gate = await openGate(t, database.url, { after, closing });
        t.regex(await meet(gate, undertaking), end, `It was not ${how} after ${after} statements.`);
        t.is(gate.statements(), after + 1);
        await run(database.url);
        t.deepEqual(await catalogueOf(database), undisturbed, `It differs after ${after} statements.`);
      }
      t.log(`${open.statements()} times`);
    });
  }
}
