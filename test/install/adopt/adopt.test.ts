import test, { type ExecutionContext } from 'ava';
import type { MySQLSessionStore } from '../../../src';
import { InstallationError } from '../../../src/errors';
import { type Adoption, adopt } from '../../../src/install';
import { createDatabase } from '../../database';
import { openStore, session } from '../../store';
import { createInstallation, ids, type TestInstallation, writeSession } from '../installation';
import { openBrowser, startApplication } from './application';
import {
  type OldStore,
  oldStores,
  openConnectSessionKnex,
  openExpressMysqlSession,
  put,
  putRow,
} from './old-stores';

interface Move extends TestInstallation {
  readonly old: OldStore;
  readonly store: MySQLSessionStore;
  run(dryRun?: boolean): Promise<Adoption>;
}

for (const [kind, open] of Object.entries(oldStores)) {
  async function createMove(t: ExecutionContext): Promise<Move> {
    const installation = await createInstallation(t);
    const old = await open(t, installation);
    return {
      ...installation,
      old,
      store: openStore(t, installation.account.url),
      run: (dryRun = false) => adopt({ connection: installation.url }, old.table, { dryRun }),
    };
  }

  test.serial(`${kind}: whoever is logged in stays so, with the same cookie.`, async (t) => {
    const { old, store, run } = await createMove(t);
    const [before, after] = [await startApplication(t, old.store), await startApplication(t, store)];
    const browser = openBrowser();
    await browser(before, '/login/zoe');
    t.is(await browser(after, '/whoami'), 'nobody');
    await run();
    t.is(await browser(after, '/whoami'), 'zoe');
  });

  test.serial(`${kind}: whoever logged out before does not come over.`, async (t) => {
    const { old, store, run } = await createMove(t);
    const [before, after] = [await startApplication(t, old.store), await startApplication(t, store)];
    const browser = openBrowser();
    await browser(before, '/login/zoe');
    await browser(before, '/logout');
    await run();
    t.is(await browser(after, '/whoami'), 'nobody');
  });

  test.serial(`${kind}: whoever came over can log out.`, async (t) => {
    const { old, store, run, query } = await createMove(t);
    const [before, after] = [await startApplication(t, old.store), await startApplication(t, store)];
    const browser = openBrowser();
    await browser(before, '/login/zoe');
    await run();
    await browser(after, '/logout');
    t.deepEqual(await query('SELECT sid FROM sessions'), []);
  });

  test.serial(`${kind}: a session's data is the same.`, async (t) => {
    const { old, store, run } = await createMove(t);
    const value = { text: 'zoë 🐙 "quoted" \\ \u0000', list: [1, null, { deep: true }], number: 0.1 };
    await put(old.store, 'sid', session(value));
    await run();
    t.deepEqual((await store.get('sid'))?.value, value);
  });

  test.serial(`${kind}: a session ends when it would have ended.`, async (t) => {
    const { old, run, query } = await createMove(t);
    await put(old.store, 'sid', session('x', 7_200_000));
    await run();
    const [row] = await query('SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), expired) FROM sessions');
    t.true(Math.abs(Number(row?.[0]) / 1_000 - 7_200_000) < 3_000, String(row?.[0]));
  });

  test.serial(`${kind}: a cookie that ends with the browser's session goes on doing so.`, async (t) => {
    const { old, store, run } = await createMove(t);
    await put(old.store, 'sid', session('x', null));
    await run();
    t.is((await store.get('sid'))?.cookie.expires, null);
  });

  test.serial(`${kind}: an expired session stays behind.`, async (t) => {
    const move = await createMove(t);
    await putRow(move, move.old, 'old', '{}', -2);
    t.like(await move.run(), { rows: 1, adopted: 0, expired: 1 });
    t.deepEqual(await ids(move), []);
  });

  test.serial(`${kind}: a session that lives here already is left as it is.`, async (t) => {
    const move = await createMove(t);
    await put(move.old.store, 'sid', session('theirs'));
    await move.store.set('sid', session('ours'));
    t.like(await move.run(), { adopted: 0, present: 1 });
    t.is((await move.store.get('sid'))?.value, 'ours');
  });

  test.serial(`${kind}: one that expired here and was not cleaned up yet is as good as none.`, async (t) => {
    const move = await createMove(t);
    await put(move.old.store, 'sid', session('theirs'));
    await writeSession(move, 'sid', -1);
    t.like(await move.run(), { adopted: 1, present: 0 });
    t.is((await move.store.get('sid'))?.value, 'theirs');
  });

  test.serial(`${kind}: run again, it adopts what came since, and nothing twice.`, async (t) => {
    const { old, run } = await createMove(t);
    await put(old.store, 'a', session('first'));
    await run();
    await put(old.store, 'b', session('second'));
    t.like(await run(), { rows: 2, adopted: 1, present: 1 });
  });

  test.serial(`${kind}: the table stays as it is.`, async (t) => {
    const { old, run, query } = await createMove(t);
    await put(old.store, 'a', session('x'));
    const look = () =>
      Promise.all([query('SELECT * FROM old_sessions'), query('SHOW CREATE TABLE old_sessions')]);
    const before = await look();
    await run();
    t.deepEqual(await look(), before);
  });

  test.serial(`${kind}: a dry run changes nothing, and tells what the real one does.`, async (t) => {
    const move = await createMove(t);
    await put(move.old.store, 'a', session('x'));
    await putRow(move, move.old, 'old', '{}', -2);
    await putRow(move, move.old, 'an id', '{}');
    const expected = await move.run(true);
    t.deepEqual(await ids(move), []);
    t.deepEqual(await move.run(), expected);
    t.deepEqual(await ids(move), ['a']);
  });

  test.serial(`${kind}: what is going to happen is told before it does.`, async (t) => {
    const move = await createMove(t);
    await put(move.old.store, 'a', session('x'));
    const told: Adoption[] = [];
    const done = await adopt({ connection: move.url }, move.old.table, {
      onSurvey: (expected) => told.push(expected),
    });
    t.deepEqual(told, [done]);
  });

  test.serial(`${kind}: more sessions than a batch holds come over, whatever the collation.`, async (t) => {
    const { old, run, query } = await createMove(t);
    const { table, columns, expiryIn } = old;
    await query(
      `INSERT INTO ${table} (${columns.id}, ${columns.data}, ${columns.expiry})
       WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 995)
       SELECT CONCAT(ELT(1 + a.n % 4, 'a', 'B', 'c', '-'), a.n, ELT(b.n, '_', '~')), '{}', ${expiryIn(60)}
       FROM numbers AS a JOIN numbers AS b ON b.n <= 2`,
    );
    t.like(await run(), { rows: 1_990, adopted: 1_990 });
    t.deepEqual(await query('SELECT COUNT(*) FROM sessions'), [[1_990]]);
  });

  test.serial(`${kind}: how far it is can be watched, with the total once it is known.`, async (t) => {
    const move = await createMove(t);
    await put(move.old.store, 'a', session('x'));
    const seen: unknown[] = [];
    await adopt({ connection: move.url }, move.old.table, { onProgress: (...step) => seen.push(step) });
    t.deepEqual(seen, [
      [1, undefined],
      [1, 1],
    ]);
  });

  for (const [what, sid] of [
    ['with a blank', 'an id'],
    ['that is not ASCII', 'ïd'],
    ['with a control character', 'a\tb'],
  ] as const) {
    test.serial(`${kind}: an id ${what} is named, and stops no other.`, async (t) => {
      const move = await createMove(t);
      await put(move.old.store, 'fine', session('x'));
      await putRow(move, move.old, sid, '{}');
      const { adopted, refused, refusals } = await move.run();
      t.deepEqual({ adopted, refused }, { adopted: 1, refused: 1 });
      t.is(refusals[0]?.reason, 'its id is not made of 1 to 255 visible ASCII characters');
    });
  }

  test.serial(`${kind}: data that is JSON but no object is named, and stops no other.`, async (t) => {
    const move = await createMove(t);
    await put(move.old.store, 'fine', session('x'));
    await putRow(move, move.old, 'list', '"text"');
    t.like(await move.run(), { adopted: 1, refused: 1 });
    t.is((await move.run()).refusals[0]?.reason, 'its data is JSON, but no object');
  });

  test.serial(`${kind}: no id is shown whole.`, async (t) => {
    const move = await createMove(t);
    const sid = 'kQ3vT7yPzL0aWb5nXcDr8sUeFgHiJmOo';
    await putRow(move, move.old, sid, '[]');
    t.deepEqual((await move.run()).refusals, [
      { sid: 'kQ3vT7… (32 characters)', reason: 'its data is JSON, but no object' },
    ]);
  });

  test.serial(`${kind}: of very many that can't come over, the first hundred are named.`, async (t) => {
    const { old, run, query } = await createMove(t);
    const { table, columns, expiryIn } = old;
    await query(
      `INSERT INTO ${table} (${columns.id}, ${columns.data}, ${columns.expiry})
       WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 120)
       SELECT CONCAT('sid', n), '[]', ${expiryIn(60)} FROM numbers`,
    );
    const { refused, refusals } = await run();
    t.deepEqual([refused, refusals.length], [120, 100]);
  });

  test.serial(`${kind}: a table in another database comes over.`, async (t) => {
    const elsewhere = await createDatabase(t);
    const old = await open(t, elsewhere);
    await put(old.store, 'sid', session('x'));
    const installation = await createInstallation(t);
    const { source, adopted } = await adopt(
      { connection: installation.url },
      `${elsewhere.name}.${old.table}`,
    );
    t.deepEqual({ source, adopted }, { source: `${elsewhere.name}.old_sessions`, adopted: 1 });
    t.deepEqual(await ids(installation), ['sid']);
  });

  test.serial(`${kind}: the table is recognised.`, async (t) => {
    t.is((await (await createMove(t)).run(true)).kind as string, kind);
  });

  test.serial(`${kind}: sessions come over into a table of other names.`, async (t) => {
    const naming = { table: 'logins', prefix: 'lg_', sidColumn: 'login' };
    const installation = await createInstallation(t, [], naming);
    const old = await open(t, installation);
    await put(old.store, 'sid', session('x'));
    await adopt({ connection: installation.url, ...naming }, old.table);
    t.deepEqual(await installation.query('SELECT login FROM logins'), [['sid']]);
  });

  test.serial(`${kind}: nothing comes over where nothing is installed.`, async (t) => {
    const database = await createDatabase(t);
    await open(t, database);
    await t.throwsAsync(adopt({ connection: database.url }, 'old_sessions'), {
      instanceOf: InstallationError,
      message: /knex-mysql-session migrate/,
    });
  });
}

test.serial('A renamed column for the id of connect-session-knex is found.', async (t) => {
  const installation = await createInstallation(t);
  const columns = { id: 'login', data: 'sess', expiry: 'expired' };
  const old = await openConnectSessionKnex(t, installation, columns);
  await put(old.store, 'sid', session('x'));
  t.like(await adopt({ connection: installation.url }, 'old_sessions'), { adopted: 1 });
});

test.serial('The renamed columns of express-mysql-session are found.', async (t) => {
  const installation = await createInstallation(t);
  const columns = { id: 'login', data: 'stuff', expiry: 'until' };
  const old = await openExpressMysqlSession(t, installation, columns);
  await put(old.store, 'sid', session('x'));
  t.like(await adopt({ connection: installation.url }, 'old_sessions'), { adopted: 1 });
});
