import test, { type ExecutionContext } from 'ava';
import {
  addAttribute,
  grant,
  install,
  plan,
  planAttribute,
  planAttributeRemoval,
  planFresh,
  planGrant,
  planRevoke,
  planRollbackScript,
} from '../../src/install';
import { clients, hasClient, runInClient, splitScript } from '../support/client';
import { createDatabase, openDatabase, type TestDatabase } from '../support/database';
import { type Catalog, grantsOf, readCatalog } from './catalog';
import { createEdition, nextRelease } from './edition';
import { createInstallation, type TestInstallation } from './installation';

// Together they would use up the server's connections.
const inClient = hasClient ? test.serial : test.serial.skip;

const userId = { name: 'user_id', path: '$.user.id', type: 'VARCHAR(64)' };

/** Runs the first part of a script, as if the client died. */
async function runHalf(t: ExecutionContext, url: string, script: string): Promise<void> {
  const statements = splitScript(script);
  await openDatabase(t, url).withConnection(async ({ query }) => {
    for (const statement of statements.slice(0, statements.length * 0.7)) await query(statement);
  });
}

/** Runs a script in each client, and at least twice. Returns the catalog after each run. */
async function repeat(database: TestDatabase, script: string): Promise<Catalog[]> {
  const catalogs: Catalog[] = [];
  for (const client of clients.length > 1 ? clients : [...clients, ...clients]) {
    await runInClient(database.url, script, { client });
    catalogs.push(await readCatalog(database));
  }
  return catalogs;
}

async function countLog({ query }: TestDatabase): Promise<number> {
  const [row] = await query('SELECT COUNT(*) FROM sessions_migrations');
  return Number(row?.[0]);
}

interface Script {
  readonly title: string;
  /** Prepares an installation, and returns the script. */
  readonly prepare: (installation: TestInstallation) => Promise<string>;
}

const scripts: readonly Script[] = [
  {
    title: 'a repair',
    prepare: async ({ name, url, query }) => {
      await query('DROP PROCEDURE sess_get');
      await query(`REVOKE INSERT ON sessions FROM \`${name}.sess_\`@localhost`);
      return plan({ connection: url, event: true });
    },
  },
  {
    title: 'a repair of the table',
    prepare: async ({ url, query }) => {
      await query(
        'ALTER TABLE sessions DROP COLUMN updated_at, DROP INDEX sessions_expired_idx, ' +
          'MODIFY expired DATETIME NOT NULL',
      );
      return plan({ connection: url });
    },
  },
  {
    title: 'the removal of the event',
    prepare: async ({ url }) => {
      await install({ connection: url, event: true });
      return plan({ connection: url, event: false });
    },
  },
  {
    title: 'a grant',
    prepare: ({ url, account }) => planGrant({ connection: url }, account.name, 'operator'),
  },
  {
    title: 'a revoke of one role',
    prepare: ({ url, account }) => planRevoke({ connection: url }, account.name, 'application'),
  },
  {
    title: 'a revoke of everything',
    prepare: ({ url, account }) => planRevoke({ connection: url }, account.name),
  },
  {
    title: 'a new attribute',
    prepare: ({ url }) => planAttribute({ connection: url }, userId),
  },
  {
    title: 'the removal of an attribute',
    prepare: async ({ url, account, createAccount }) => {
      await addAttribute({ connection: url }, userId);
      const other = await createAccount();
      await grant({ connection: url }, other.name, 'find_user_id');
      await grant({ connection: url }, account.name, 'destroy_user_id');
      return planAttributeRemoval({ connection: url }, 'user_id');
    },
  },
];

for (const { title, prepare } of scripts) {
  inClient(`The script of ${title} can run again, and after an interruption.`, async (t) => {
    const installation = await createInstallation(t, ['application']);
    const script = await prepare(installation);
    await runHalf(t, installation.url, script);
    const before = await countLog(installation);
    const [first, second] = await repeat(installation, script);
    t.deepEqual(second, first);
    // Each run is on record.
    t.true((await countLog(installation)) >= before + 2);
    t.is(await plan({ connection: installation.url }), '');
  });
}

for (const [title, print] of [
  [
    'without a server',
    async ({ name }: TestDatabase) => planFresh({ database: name, event: true }),
  ],
  ['of an empty database', ({ url }: TestDatabase) => plan({ connection: url, event: true })],
] as const) {
  inClient(`The script of an installation, ${title}, can run again.`, async (t) => {
    const database = await createDatabase(t);
    const script = await print(database);
    await runHalf(t, database.url, script);
    const [first, second] = await repeat(database, script);
    t.deepEqual(second, first);
    t.is(await plan({ connection: database.url }), '');
  });
}

inClient('The script of a rollback to 0 can run again, and after an interruption.', async (t) => {
  const { url, ...database } = await createInstallation(t);
  const script = await planRollbackScript({ connection: url }, 0);
  await runHalf(t, url, script);
  const empty = { tables: [], routines: [], grants: {}, log: [] };
  for (const { grants, ...catalog } of await repeat({ url, ...database }, script)) {
    t.deepEqual({ ...catalog, grants: {} }, empty);
    // The application's account has lost everything.
    t.deepEqual(Object.values(grants), [[]]);
  }
});

inClient('The scripts of an upgrade and of its rollback can run again.', async (t) => {
  const { installer } = await createEdition(t, nextRelease);
  const installation = await createInstallation(t);
  const { url } = installation;
  const upgrade = await installer.plan({ connection: url });
  await runHalf(t, url, upgrade);
  const [upgraded, again] = await repeat(installation, upgrade);
  t.deepEqual(again, upgraded);
  const rollback = await installer.planRollbackScript({ connection: url }, 1);
  await runHalf(t, url, rollback);
  const [reverted, once] = await repeat(installation, rollback);
  t.deepEqual(once, reverted);
  t.notDeepEqual(reverted, upgraded);
});

inClient(
  'A script made without a server replaces another body, and keeps the grants.',
  async (t) => {
    const installation = await createInstallation(t);
    const { name, url, query, account } = installation;
    const expected = await readCatalog(installation);
    await query('DROP PROCEDURE sess_get');
    await query(`CREATE PROCEDURE sess_get() COMMENT 'knex-mysql-session:sessions' SELECT 1`);
    await query(`GRANT EXECUTE ON PROCEDURE sess_get TO ${account.name}`);
    await runInClient(url, planFresh({ database: name }));
    const { grants, ...catalog } = await readCatalog(installation);
    t.deepEqual({ ...catalog, grants }, expected);
  },
);

inClient('A script that no longer fits the installation stops before it changes it.', async (t) => {
  const installation = await createInstallation(t);
  const { name, url } = installation;
  const scripts = [
    planFresh({ database: name }),
    await plan({ connection: url, event: true }),
    await planAttribute({ connection: url }, { ...userId, name: 'tenant' }),
  ];
  await addAttribute({ connection: url }, userId);
  const expected = await readCatalog(installation);
  for (const script of scripts) {
    await t.throwsAsync(runInClient(url, script), {
      message: new RegExp(`${name}.sessions changed after this script was printed: print it again`),
    });
  }
  t.deepEqual(await readCatalog(installation), expected);
});

inClient('The script of a revoke is on record, also for rights that a DBA granted.', async (t) => {
  const installation = await createInstallation(t, []);
  const { url, query, account } = installation;
  await query(`GRANT EXECUTE ON PROCEDURE sess_get TO ${account.name}`);
  await runInClient(url, await planRevoke({ connection: url }, account.name));
  const rows = await query("SELECT name FROM sessions_migrations WHERE action = 'removed'");
  t.deepEqual(rows, [[`all/${account.name}`]]);
  t.deepEqual((await grantsOf(installation))[account.name], []);
});
