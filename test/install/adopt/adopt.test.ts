import test from 'ava';
import { InstallationError } from '../../../src/errors';
import { type Adoption, adopt } from '../../../src/install';
import { createDatabase } from '../../support/database';
import { session } from '../../support/store';
import { createInstallation, ids, writeSession } from '../installation';
import {
  createMove,
  insertRow,
  openConnectSessionKnex,
  openExpressMysqlSession,
  saveSession,
  testedStores,
} from './old-stores';

for (const [kind, open] of testedStores) {
  test.serial(`${kind}: the data of a session stays the same.`, async (t) => {
    const { old, store, run } = await createMove(t, open);
    const value = {
      text: 'zoë 🐙 "quoted" \\ \u0000',
      list: [1, null, { deep: true }],
      number: 0.1,
    };
    await saveSession(old.store, 'sid', session(value));
    await run();
    t.deepEqual((await store.get('sid'))?.value, value);
  });

  test.serial(`${kind}: a session keeps its expiry.`, async (t) => {
    const { old, run, query } = await createMove(t, open);
    await saveSession(old.store, 'sid', session('x', 7_200_000));
    await run();
    const [row] = await query(
      'SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), expired) FROM sessions',
    );
    t.true(Math.abs(Number(row?.[0]) / 1_000 - 7_200_000) < 60_000, String(row?.[0]));
  });

  test.serial(`${kind}: a browser-session cookie stays one.`, async (t) => {
    const { old, store, run } = await createMove(t, open);
    await saveSession(old.store, 'sid', session('x', null));
    await run();
    t.is((await store.get('sid'))?.cookie.expires, null);
  });

  test.serial(`${kind}: an expired session is not adopted.`, async (t) => {
    const move = await createMove(t, open);
    await insertRow(move, move.old, 'old', '{}', -2);
    t.like(await move.run(), { rows: 1, adopted: 0, expired: 1 });
    t.deepEqual(await ids(move), []);
  });

  test.serial(
    `${kind}: a session that the installation already has stays unchanged.`,
    async (t) => {
      const move = await createMove(t, open);
      await saveSession(move.old.store, 'sid', session('theirs'));
      await move.store.set('sid', session('ours'));
      t.like(await move.run(), { adopted: 0, present: 1 });
      t.is((await move.store.get('sid'))?.value, 'ours');
    },
  );

  test.serial(`${kind}: an expired session of the installation is replaced.`, async (t) => {
    const move = await createMove(t, open);
    await saveSession(move.old.store, 'sid', session('theirs'));
    await writeSession(move, 'sid', -1);
    t.like(await move.run(), { adopted: 1, present: 0 });
    t.is((await move.store.get('sid'))?.value, 'theirs');
  });

  test.serial(`${kind}: a second run adopts only new sessions.`, async (t) => {
    const { old, run } = await createMove(t, open);
    await saveSession(old.store, 'a', session('first'));
    await run();
    await saveSession(old.store, 'b', session('second'));
    t.like(await run(), { rows: 2, adopted: 1, present: 1 });
  });

  test.serial(`${kind}: the source table stays unchanged.`, async (t) => {
    const { old, run, query } = await createMove(t, open);
    await saveSession(old.store, 'a', session('x'));
    const readTable = () =>
      Promise.all([query('SELECT * FROM old_sessions'), query('SHOW CREATE TABLE old_sessions')]);
    const before = await readTable();
    await run();
    t.deepEqual(await readTable(), before);
  });

  test.serial(
    `${kind}: a dry run changes nothing, and returns the result of the real run.`,
    async (t) => {
      const move = await createMove(t, open);
      await saveSession(move.old.store, 'a', session('x'));
      await insertRow(move, move.old, 'old', '{}', -2);
      await insertRow(move, move.old, 'an id', '{}');
      const expected = await move.run(true);
      t.deepEqual(await ids(move), []);
      t.deepEqual(await move.run(), expected);
      t.deepEqual(await ids(move), ['a']);
    },
  );

  test.serial(`${kind}: onSurvey gets the expected result.`, async (t) => {
    const move = await createMove(t, open);
    await saveSession(move.old.store, 'a', session('x'));
    const surveys: Adoption[] = [];
    const result = await adopt({ connection: move.url }, move.old.table, {
      onSurvey: (expected) => surveys.push(expected),
    });
    t.deepEqual(surveys, [result]);
  });

  test.serial(
    `${kind}: several batches of sessions are adopted, with any collation.`,
    async (t) => {
      const { old, run, query } = await createMove(t, open);
      const { table, columns, expiryIn } = old;
      await query(
        `INSERT INTO ${table} (${columns.id}, ${columns.data}, ${columns.expiry})
       WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 995)
       SELECT CONCAT(ELT(1 + a.n % 4, 'a', 'B', 'c', '-'), a.n, ELT(b.n, '_', '~')), '{}', ${expiryIn(60)}
       FROM numbers AS a JOIN numbers AS b ON b.n <= 2`,
      );
      t.like(await run(), { rows: 1_990, adopted: 1_990 });
      t.deepEqual(await query('SELECT COUNT(*) FROM sessions'), [[1_990]]);
    },
  );

  test.serial(`${kind}: onProgress gets the count, and the total once it is known.`, async (t) => {
    const move = await createMove(t, open);
    await saveSession(move.old.store, 'a', session('x'));
    const seen: unknown[] = [];
    await adopt({ connection: move.url }, move.old.table, {
      onProgress: (...step) => seen.push(step),
    });
    t.deepEqual(seen, [
      [1, undefined],
      [1, 1],
    ]);
  });

  test.serial(`${kind}: a table of another database can be adopted.`, async (t) => {
    const elsewhere = await createDatabase(t);
    const old = await open(t, elsewhere);
    await saveSession(old.store, 'sid', session('x'));
    const installation = await createInstallation(t);
    const { source, adopted } = await adopt(
      { connection: installation.url },
      `${elsewhere.name}.${old.table}`,
    );
    t.deepEqual({ source, adopted }, { source: `${elsewhere.name}.old_sessions`, adopted: 1 });
    t.deepEqual(await ids(installation), ['sid']);
  });

  test.serial(`${kind}: the table is recognized.`, async (t) => {
    t.is((await (await createMove(t, open)).run(true)).kind as string, kind);
  });

  test.serial(`${kind}: an installation with other names adopts sessions.`, async (t) => {
    const naming = { table: 'logins', prefix: 'lg_', sidColumn: 'login' };
    const installation = await createInstallation(t, [], naming);
    const old = await open(t, installation);
    await saveSession(old.store, 'sid', session('x'));
    await adopt({ connection: installation.url, ...naming }, old.table);
    t.deepEqual(await installation.query('SELECT login FROM logins'), [['sid']]);
  });

  test.serial(`${kind}: adopt fails if nothing is installed.`, async (t) => {
    const database = await createDatabase(t);
    await open(t, database);
    await t.throwsAsync(adopt({ connection: database.url }, 'old_sessions'), {
      instanceOf: InstallationError,
      message: /knex-mysql-session migrate/,
    });
  });
}

test.serial('A renamed id column of connect-session-knex is recognized.', async (t) => {
  const installation = await createInstallation(t);
  const columns = { id: 'login', data: 'sess', expiry: 'expired' };
  const old = await openConnectSessionKnex(t, installation, columns);
  await saveSession(old.store, 'sid', session('x'));
  t.like(await adopt({ connection: installation.url }, 'old_sessions'), { adopted: 1 });
});

test.serial('Renamed columns of express-mysql-session are recognized.', async (t) => {
  const installation = await createInstallation(t);
  const columns = { id: 'login', data: 'stuff', expiry: 'until' };
  const old = await openExpressMysqlSession(t, installation, columns);
  await saveSession(old.store, 'sid', session('x'));
  t.like(await adopt({ connection: installation.url }, 'old_sessions'), { adopted: 1 });
});
