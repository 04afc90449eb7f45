import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { type MySQLSessionStore, RoutineNotGrantedError } from '../../src';
import { install } from '../../src/install';
import { createEdition, everyRoutineChanged } from '../install/edition';
import { createInstallation, createStore, openStore, session } from '../store';

// One after the other, as a request would; which of them fails is all that counts here.
async function callEveryMethod(store: MySQLSessionStore, sid: string): Promise<void> {
  await store.set(sid, session('value'));
  await store.get(sid);
  await store.touch(sid, session('value'));
  await store.all();
  await store.ids();
  await store.length();
  await store.gc();
  await store.destroy(sid);
}

test('Not one call fails while every routine is replaced 200 times.', async (t) => {
  t.timeout(300_000);
  const { url, accountUrl } = await createInstallation(t);
  const other = await createEdition(t, everyRoutineChanged);
  const store = openStore(t, accountUrl);
  const ids = ['a', 'b', 'c', 'd'];
  let upgrading = true;
  let calls = 0;

  async function application(): Promise<void> {
    while (upgrading) {
      await Promise.all(ids.map((sid) => callEveryMethod(store, sid)));
      // By itself: it locks the whole table, and the server would end some of the others for it.
      await store.clear();
      calls += 8 * ids.length + 1;
      await setTimeout(5);
    }
  }

  async function upgrades(): Promise<number> {
    let replaced = 0;
    for (let round = 0; round < 200; round++) {
      const { installer } = round % 2 === 0 ? other : { installer: { install } };
      replaced += (await installer.install({ connection: url })).length;
    }
    return replaced;
  }

  await callEveryMethod(store, 'a');
  await store.clear();
  const [replaced] = await Promise.all([
    upgrades().finally(() => {
      upgrading = false;
    }),
    application(),
  ]);
  t.is(replaced, 200 * 15);
  t.log(`${calls} calls`);
});

test('A routine that worked before is waited for while it is away.', async (t) => {
  const { store, url, query } = await createStore(t);
  await store.set('sid', session('still there'));
  await store.get('sid');
  await query('DROP PROCEDURE sess_get');
  const [found] = await Promise.all([store.get('sid'), install({ connection: url })]);
  t.is(found?.value, 'still there');
});

test('A routine that stays away is reported, with the command that mends it.', async (t) => {
  const { store, query } = await createStore(t);
  await store.get('sid');
  await query('DROP PROCEDURE sess_get');
  await t.throwsAsync(async () => store.get('sid'), {
    instanceOf: RoutineNotGrantedError,
    message: /knex-mysql-session migrate/,
  });
});

test('A store works on the database of the next contract.', async (t) => {
  const { url, accountUrl, query } = await createInstallation(t);
  const next = await createEdition(t, {
    ...everyRoutineChanged,
    'sql/routines/sess_version.sql': (text) => text.replace('1 AS contract', '2 AS contract'),
  });
  await next.installer.install({ connection: url });
  t.deepEqual((await query('CALL sess_version()'))[0]?.[0], 2);

  const store = openStore(t, accountUrl);
  await t.notThrowsAsync(async () => {
    await callEveryMethod(store, 'sid');
    await store.clear();
  });
});
