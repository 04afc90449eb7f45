import type { ExecutionContext } from 'ava';
import {
  addAttribute,
  dropAttribute,
  grant,
  type InstallOptions,
  install,
  revoke,
  rollback,
} from '../../src/install';
import { createDatabase, type TestDatabase } from '../support/database';
import { userId } from './attributes/attributed';
import { definerOf } from './catalog';
import { createEdition, nextRelease } from './edition';

/** Something that an installer does, and that may be interrupted. */
export interface Operation {
  readonly database: TestDatabase;
  /** Restores the database to the state before the operation. */
  reset(): Promise<unknown>;
  run(url: string): Promise<unknown>;
  /** The same operation on the command line: its folder and arguments. */
  readonly command: { readonly folder?: string; readonly args: readonly string[] };
  /** What a repetition says if the interrupted one did everything. */
  readonly refusal?: RegExp;
}

/** An installation, and an account with the role application. */
async function createGranted(t: ExecutionContext, event: boolean) {
  const database = await createDatabase(t);
  const { name: account } = await database.createAccount();
  const options: InstallOptions = { connection: database.url };
  await install({ ...options, event });
  await grant(options, account);
  return { database, account, options };
}

/** An attribute that is added to an installation. */
export async function beginAddedAttribute(t: ExecutionContext): Promise<Operation> {
  const { database, options } = await createGranted(t, false);
  return {
    database,
    reset: () => dropAttribute(options, userId.name).catch(ignoreMissing),
    run: (url) => addAttribute({ connection: url }, userId),
    command: {
      args: ['attribute', 'add', userId.name, '--path', userId.path, '--type', userId.type],
    },
  };
}

export const operations: Record<string, (t: ExecutionContext) => Promise<Operation>> = {
  'An installation': async (t) => {
    const database = await createDatabase(t);
    return {
      database,
      reset: () => rollback({ connection: database.url }, 0),
      run: (url) => install({ connection: url, event: true }),
      command: { args: ['migrate', '--event'] },
    };
  },
  'An upgrade': async (t) => {
    const { database, account, options } = await createGranted(t, false);
    const { folder, installer } = await createEdition(t, nextRelease);
    const { name: byHand } = await database.createAccount();
    return {
      database,
      reset: async () => {
        await installer.rollback(options, 1);
        await install(options);
        // No record says this: a right without a role, and one that a DBA revoked.
        await database.query(`GRANT EXECUTE ON PROCEDURE sess_length TO ${byHand}`);
        await grant(options, account);
        await database.query(`REVOKE EXECUTE ON PROCEDURE sess_get FROM ${account}`);
      },
      run: (url) => installer.install({ connection: url }),
      command: { folder, args: ['migrate'] },
    };
  },
  'A repair': async (t) => {
    const { database, options } = await createGranted(t, true);
    const definer = definerOf(database);
    return {
      database,
      reset: async () => {
        await install(options);
        for (const breakage of [
          'DROP PROCEDURE sess_get',
          "ALTER PROCEDURE sess_set COMMENT 'knex-mysql-session:sessions'",
          'ALTER PROCEDURE sess_length SQL SECURITY INVOKER',
          `ALTER USER ${definer} ACCOUNT UNLOCK`,
          `REVOKE DELETE ON sessions FROM ${definer}`,
          `REVOKE EXECUTE ON PROCEDURE sess_touch FROM ${definer}`,
          'DROP EVENT sess_gc',
          'ALTER TABLE sessions DROP INDEX sessions_expired_idx',
        ]) {
          await database.query(breakage);
        }
      },
      run: (url) => install({ connection: url }),
      command: { args: ['migrate'] },
    };
  },
  'A rollback': async (t) => {
    const database = await createDatabase(t);
    const { name: account } = await database.createAccount();
    return {
      database,
      reset: async () => {
        await install({ connection: database.url, event: true });
        await addAttribute({ connection: database.url }, userId);
        await grant({ connection: database.url }, account);
      },
      run: (url) => rollback({ connection: url }, 0),
      command: { args: ['rollback', '--to', '0', '--yes'] },
    };
  },
  'The removal of the event': async (t) => {
    const { database, options } = await createGranted(t, true);
    return {
      database,
      reset: () => install({ ...options, event: true }),
      run: (url) => install({ connection: url, event: false }),
      command: { args: ['migrate', '--no-event'] },
    };
  },
  'An added attribute': beginAddedAttribute,
  'A dropped attribute': async (t) => {
    const { database, account, options } = await createGranted(t, false);
    const { name: finder } = await database.createAccount();
    return {
      database,
      reset: async () => {
        await addAttribute(options, userId);
        await grant(options, account, 'find_user_id');
        await grant(options, finder, 'find_user_id');
        await grant(options, finder, 'destroy_user_id');
      },
      run: (url) => dropAttribute({ connection: url }, userId.name),
      command: { args: ['attribute', 'drop', userId.name] },
      refusal: noAttribute,
    };
  },
  'A grant': async (t) => {
    const { database, account, options } = await createGranted(t, false);
    return {
      database,
      reset: () => revoke(options, account),
      run: (url) => grant({ connection: url }, account),
      command: { args: ['grant', account] },
    };
  },
  'A revoke': async (t) => {
    const { database, account, options } = await createGranted(t, false);
    return {
      database,
      reset: async () => {
        await grant(options, account);
        await grant(options, account, 'operator');
      },
      run: (url) => revoke({ connection: url }, account),
      command: { args: ['revoke', account] },
    };
  },
};

const noAttribute = /has no attribute user_id/;

// The first operation finds nothing to take back.
function ignoreMissing(error: unknown): void {
  if (!noAttribute.test(String(error))) throw error;
}
