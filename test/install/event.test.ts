import test, { type ExecutionContext } from 'ava';
import { ArgumentError, InstallationError } from '../../src/errors';
import {
  type EventOption,
  grant,
  install,
  plan,
  planFresh,
  rollback,
  status,
} from '../../src/install';
import { splitScript } from '../support/client';
import { createDatabase, openDatabase, type TestDatabase } from '../support/database';
import { grantsOf, readFullCatalog, routinesOf } from './catalog';
import { disableEvent } from './installation';

/** Returns the interval of each event. */
async function intervalsOf({ query }: TestDatabase): Promise<string[]> {
  const rows = await query(
    `SELECT CONCAT(event_name, ' ', interval_value, ' ', interval_field) FROM information_schema.events
     WHERE event_schema = DATABASE()`,
  );
  return rows.map(String);
}

async function createInstallation(t: ExecutionContext, event?: EventOption): Promise<TestDatabase> {
  const database = await createDatabase(t);
  await install({ connection: database.url, event });
  return database;
}

async function runScript(t: ExecutionContext, url: string, script: string) {
  await openDatabase(t, url).withConnection(async (connection) => {
    for (const statement of splitScript(script)) {
      await connection.query(statement);
    }
  });
}

test.serial('By default, there is no event.', async (t) => {
  const database = await createInstallation(t);
  t.deepEqual(await intervalsOf(database), []);
  t.is((await status({ connection: database.url })).event, null);
});

test.serial('By default, the event runs every minute.', async (t) => {
  t.deepEqual(await intervalsOf(await createInstallation(t, true)), ['sess_gc 60 SECOND']);
});

test.serial('The event has the requested interval.', async (t) => {
  t.deepEqual(await intervalsOf(await createInstallation(t, { every: 300 })), [
    'sess_gc 300 SECOND',
  ]);
});

test.serial('The event runs as the definer of the routines.', async (t) => {
  const { name, query } = await createInstallation(t, true);
  t.deepEqual(
    await query('SELECT definer FROM information_schema.events WHERE event_schema = DATABASE()'),
    [[`${name}.sess_@localhost`]],
  );
});

test.serial(
  'With an event, the definer also gets the privilege EVENT on this database, and nothing else.',
  async (t) => {
    const database = await createInstallation(t);
    const before = Object.values(await grantsOf(database)).flat();
    await install({ connection: database.url, event: true });
    const after = Object.values(await grantsOf(database)).flat();
    t.deepEqual(
      after.filter((line) => !before.includes(line)),
      [`GRANT EVENT ON \`${database.name}\`.* TO \`${database.name}.sess_\`@\`localhost\``],
    );
  },
);

test.serial('The privilege EVENT covers no database with a similar name.', async (t) => {
  const { name } = await createDatabase(t);
  const script = planFresh({ database: `${name}_a%`, event: true });
  t.true(script.includes(`GRANT EVENT ON \`${name}\\_a\\%\`.* TO`));
});

test.serial('A second install with an event runs no step.', async (t) => {
  const { url } = await createInstallation(t, { every: 300 });
  t.deepEqual(await install({ connection: url }), []);
});

for (const [what, statement] of [
  ['was lost', 'DROP EVENT sess_gc'],
  ['was changed', 'ALTER EVENT sess_gc ON SCHEDULE EVERY 1 YEAR'],
  ['does something else', 'ALTER EVENT sess_gc DO DO 0'],
  ['was disabled', 'ALTER EVENT sess_gc DISABLE'],
  ['runs as another account', 'ALTER DEFINER = CURRENT_USER EVENT sess_gc ENABLE'],
] as const) {
  test.serial(`An event that ${what} returns with its interval.`, async (t) => {
    const database = await createInstallation(t, { every: 300 });
    const before = await readFullCatalog(database);
    await database.query(statement);
    t.deepEqual(await install({ connection: database.url }), ['events/sess_gc']);
    t.deepEqual(await readFullCatalog(database), before);
  });
}

test.serial('A definer that lost the privilege EVENT gets it again.', async (t) => {
  const database = await createInstallation(t, true);
  const before = await readFullCatalog(database);
  await database.query(
    `REVOKE EVENT ON ${database.name}.* FROM \`${database.name}.sess_\`@localhost`,
  );
  await install({ connection: database.url });
  t.deepEqual(await readFullCatalog(database), before);
});

test.serial('A lost definer returns with the privilege EVENT.', async (t) => {
  const database = await createInstallation(t, true);
  const before = await readFullCatalog(database);
  await database.query('DROP EVENT sess_gc');
  for (const routine of await routinesOf(database)) {
    await database.query(`DROP PROCEDURE ${routine}`);
  }
  await database.query(`DROP USER \`${database.name}.sess_\`@localhost`);
  await install({ connection: database.url });
  t.deepEqual(await readFullCatalog(database), before);
});

test.serial('A new interval replaces the old one, also in the log.', async (t) => {
  const changed = await createInstallation(t, { every: 300 });
  await install({ connection: changed.url, event: { every: 10 } });
  t.deepEqual(await intervalsOf(changed), ['sess_gc 10 SECOND']);
  const rows = await changed.query(
    `SELECT JSON_EXTRACT(details, '$.every') FROM sessions_migrations
     WHERE kind IN ('event', 'installation') ORDER BY id DESC LIMIT 2`,
  );
  t.deepEqual(rows.map(String), ['10', '10']);
});

test.serial(
  'An event that is requested again without an interval keeps its interval.',
  async (t) => {
    const { url } = await createInstallation(t, { every: 300 });
    t.deepEqual(await install({ connection: url, event: true }), []);
  },
);

test.serial('A removed event leaves no trace.', async (t) => {
  const database = await createInstallation(t);
  const before = await readFullCatalog(database);
  await install({ connection: database.url, event: { every: 300 } });
  await install({ connection: database.url, event: false });
  t.deepEqual(await readFullCatalog(database), before);
});

test.serial('Without an event, removing it runs no step.', async (t) => {
  const { url } = await createInstallation(t);
  t.deepEqual(await install({ connection: url, event: false }), []);
});

test.serial('A later install does not bring a removed event back.', async (t) => {
  const database = await createInstallation(t, true);
  await install({ connection: database.url, event: false });
  await install({ connection: database.url });
  t.deepEqual(await intervalsOf(database), []);
});

test.serial('A removal that stopped halfway can run again.', async (t) => {
  const database = await createInstallation(t, true);
  await database.query('DROP EVENT sess_gc');
  await database.query(
    `REVOKE EVENT ON ${database.name}.* FROM \`${database.name}.sess_\`@localhost`,
  );
  t.deepEqual(await install({ connection: database.url, event: false }), [
    'events/sess_gc/removed',
    'installations/sessions',
  ]);
  t.deepEqual(await intervalsOf(database), []);
});

test.serial('An event that the log misses is recorded by the next install.', async (t) => {
  const database = await createInstallation(t, { every: 300 });
  const before = await readFullCatalog(database);
  await database.query("DELETE FROM sessions_migrations WHERE kind = 'event'");
  await install({ connection: database.url });
  t.deepEqual(await readFullCatalog(database), before);
});

test.serial('Granting a role keeps the event.', async (t) => {
  const database = await createInstallation(t, { every: 300 });
  const account = await database.createAccount();
  await grant({ connection: database.url }, account.name);
  t.deepEqual(await intervalsOf(database), ['sess_gc 300 SECOND']);
  t.true((await status({ connection: database.url })).upToDate);
});

/** What a database has after a rollback to 0. */
const emptyCatalog = {
  tables: [],
  routines: [],
  grants: {},
  log: [],
  events: [],
  definer: [],
};

test.serial('A rollback to 0 removes the event.', async (t) => {
  const database = await createInstallation(t, true);
  await rollback({ connection: database.url }, 0);
  t.deepEqual(await readFullCatalog(database), emptyCatalog);
});

test.serial('A rollback to 0 removes an event that the log misses.', async (t) => {
  const database = await createInstallation(t, true);
  await database.query("DELETE FROM sessions_migrations WHERE kind = 'event'");
  await rollback({ connection: database.url }, 0);
  t.deepEqual(await readFullCatalog(database), emptyCatalog);
});

test.serial('The plan of an event creates what the installer creates.', async (t) => {
  const database = await createInstallation(t, { every: 300 });
  const expected = await readFullCatalog(database);
  await rollback({ connection: database.url }, 0);
  await runScript(t, database.url, await plan({ connection: database.url, event: { every: 300 } }));
  t.deepEqual(await readFullCatalog(database), expected);
});

test.serial('A plan without a server creates what the installer creates.', async (t) => {
  const database = await createInstallation(t, true);
  const expected = await readFullCatalog(database);
  await rollback({ connection: database.url }, 0);
  await runScript(t, database.url, planFresh({ database: database.name, event: true }));
  t.deepEqual(await readFullCatalog(database), expected);
});

test.serial('The plan without an event removes the event.', async (t) => {
  const database = await createInstallation(t);
  const expected = await readFullCatalog(database);
  await install({ connection: database.url, event: true });
  await runScript(t, database.url, await plan({ connection: database.url, event: false }));
  t.deepEqual(await readFullCatalog(database), expected);
});

test.serial('Two installations in one database have separate events.', async (t) => {
  const database = await createInstallation(t, { every: 300 });
  const naming = { connection: database.url, table: 'logins', prefix: 'lg_' };
  await install({ ...naming, event: { every: 10 } });
  t.deepEqual((await intervalsOf(database)).sort(), ['lg_gc 10 SECOND', 'sess_gc 300 SECOND']);
  await rollback(naming, 0);
  t.deepEqual(await intervalsOf(database), ['sess_gc 300 SECOND']);
});

test.serial('An event of a table with the longest name is ours.', async (t) => {
  const { url } = await createDatabase(t);
  const naming = { connection: url, table: 't'.repeat(45) };
  await install({ ...naming, event: true });
  t.deepEqual(await install(naming), []);
});

test.serial('The installer does not replace an event of a DBA.', async (t) => {
  const database = await createInstallation(t);
  await database.query('CREATE EVENT sess_gc ON SCHEDULE EVERY 1 YEAR DO DO 1');
  await t.throwsAsync(install({ connection: database.url, event: true }), {
    instanceOf: InstallationError,
    message: /^Another event `sess_gc` exists\. It does not belong to the table `sessions`\./,
  });
  t.deepEqual(await intervalsOf(database), ['sess_gc 1 YEAR']);
});

test.serial(
  "With definer 'current', the event belongs to the installing account, and the status is up to date.",
  async (t) => {
    const database = await createDatabase(t);
    await install({ connection: database.url, definer: 'current', event: true });
    t.deepEqual(
      await database.query(
        `SELECT definer = CURRENT_USER() FROM information_schema.events WHERE event_schema = DATABASE()`,
      ),
      [[1]],
    );
    t.true((await status({ connection: database.url })).upToDate);
  },
);

test.serial('The status shows that a disabled event does not run, with the remedy.', async (t) => {
  const database = await createInstallation(t, true);
  await disableEvent(database);
  t.like((await status({ connection: database.url })).event, {
    running: false,
    problem: 'The event is disabled',
    remedy: ['knex-mysql-session migrate'],
    alternative: ['knex-mysql-session migrate --no-event'],
  });
});

test.serial('The status shows that a lost event does not run, with the remedy.', async (t) => {
  const database = await createInstallation(t, { every: 300 });
  await database.query('DROP EVENT sess_gc');
  t.deepEqual((await status({ connection: database.url })).event, {
    name: 'sess_gc',
    every: 300,
    running: false,
    problem: 'The event does not exist',
    remedy: ['knex-mysql-session migrate'],
    lastExecuted: null,
  });
});

const wrong: Array<[event: unknown, message: string]> = [
  ['on', 'Expected `event` to be true, false, or settings such as { every: 60 }, got "on"'],
  [null, 'Expected `event` to be true, false, or settings such as { every: 60 }, got null'],
  [{ every: 0 }, 'Expected `every` to be a whole number of seconds, 1 to 86400, got 0'],
  [{ every: 86_401 }, 'Expected `every` to be a whole number of seconds, 1 to 86400, got 86401'],
  [{ every: 0.5 }, 'Expected `every` to be a whole number of seconds, 1 to 86400, got 0.5'],
  [{ every: '60' }, 'Expected `every` to be a whole number of seconds, 1 to 86400, got "60"'],
];
for (const [event, message] of wrong) {
  test.serial(`The event option ${JSON.stringify(event)} is an argument error.`, async (t) => {
    const options = {
      connection: 'mysql://nobody@127.0.0.1:1/none',
      event: event as EventOption,
    };
    await t.throwsAsync(install(options), { instanceOf: ArgumentError, message });
  });
}
