import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { type MySQLSessionStore, RoutineNotGrantedError } from '../../src';
import { contractVersion, routineNames } from '../../src/contract';
import type { Row } from '../../src/database/connection';
import { install } from '../../src/install';
import { createEdition, everyRoutineChanged } from '../install/edition';
import { isFullRun } from '../support/scale';
import {
  createInstallation,
  createStore,
  openStore,
  session,
  type TestInstallation,
} from '../support/store';

// The calls run in sequence, as in a request. The test only needs to know which one fails.
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

const upgradeCount = isFullRun ? 200 : 10;

test('No call fails while upgrades replace every routine many times.', async (t) => {
  t.timeout(300_000);
  const { url, accountUrl } = await createInstallation(t);
  const other = await createEdition(t, everyRoutineChanged);
  const store = openStore(t, accountUrl);
  const ids = ['a', 'b', 'c', 'd'];
  let isUpgrading = true;
  let calls = 0;

  async function application(): Promise<void> {
    while (isUpgrading) {
      await Promise.all(ids.map((sid) => callEveryMethod(store, sid)));
      // Alone: it locks the whole table, and deadlocks would end some of the other calls.
      await store.clear();
      calls += 8 * ids.length + 1;
      await setTimeout(5);
    }
  }

  async function upgrades(): Promise<number> {
    let replaced = 0;
    for (let round = 0; round < upgradeCount; round++) {
      const { installer } = round % 2 === 0 ? other : { installer: { install } };
      replaced += (await installer.install({ connection: url })).length;
    }
    return replaced;
  }

  await callEveryMethod(store, 'a');
  await store.clear();
  const [replaced] = await Promise.all([
    upgrades().finally(() => {
      isUpgrading = false;
    }),
    application(),
  ]);
  t.is(replaced, upgradeCount * routineNames.length);
  t.log(`${calls} calls`);
});

/** Creates `sess_get` again, with the grants that it needs. */
async function restore(
  query: TestInstallation['query'],
  created: Row | undefined,
  accountUrl: string,
): Promise<void> {
  await query(String(created?.[2]));
  const [, definer = ''] = /DEFINER=(\S+)/.exec(String(created?.[2])) ?? [];
  const { username } = new URL(accountUrl);
  await query(`GRANT EXECUTE ON PROCEDURE sess_get TO ${definer}, '${username}'@'%'`);
}

test('A call waits for a routine that worked before and is missing now.', async (t) => {
  const { store, accountUrl, query } = await createStore(t);
  await store.set('sid', session('still there'));
  await store.get('sid');
  const [row] = await query('SHOW CREATE PROCEDURE sess_get');
  await query('DROP PROCEDURE sess_get');
  const [found] = await Promise.all([store.get('sid'), restore(query, row, accountUrl)]);
  t.is(found?.value, 'still there');
});

test('The error for a routine that stays missing has the command that installs it.', async (t) => {
  const { store, query } = await createStore(t);
  await store.get('sid');
  await query('DROP PROCEDURE sess_get');
  await t.throwsAsync(async () => store.get('sid'), {
    instanceOf: RoutineNotGrantedError,
    message: /knex-mysql-session migrate/,
  });
});

test('A store works with the routines of a newer contract version.', async (t) => {
  const { url, accountUrl, query } = await createInstallation(t);
  const newer = contractVersion + 1;
  const next = await createEdition(t, {
    ...everyRoutineChanged,
    'sql/routines/sess_version.sql': (text) =>
      text.replace('{{contract}} AS contract', `${newer} AS contract`),
  });
  await next.installer.install({ connection: url });
  t.is((await query('CALL sess_version()'))[0]?.[0], newer);

  const store = openStore(t, accountUrl);
  await t.notThrowsAsync(async () => {
    await callEveryMethod(store, 'sid');
    await store.clear();
  });
});
