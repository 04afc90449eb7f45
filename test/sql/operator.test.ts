import test from 'ava';
import { DatabaseError } from '../../src/errors';
import {
  createInstallation,
  ids,
  type TestInstallation,
  writeSession,
} from '../install/installation';

async function createSessions(
  t: Parameters<typeof createInstallation>[0],
): Promise<TestInstallation> {
  const installation = await createInstallation(t, ['operator']);
  for (const sid of ['c', 'A', 'b', 'a']) {
    await writeSession(installation, sid, 60);
  }
  await writeSession(installation, 'aa', -1);
  return installation;
}

for (const routine of ['sess_all', 'sess_ids']) {
  test(`${routine} reads pages of live sessions, ordered by id.`, async (t) => {
    const { ask } = await createSessions(t);
    const page = async (after: string) =>
      (await ask(`CALL ${routine}(?, 2)`, [after])).map(([sid]) => String(sid));
    t.deepEqual([await page(''), await page('a'), await page('c')], [['A', 'a'], ['b', 'c'], []]);
  });

  test(`${routine} refuses a limit below 1.`, async (t) => {
    const { ask } = await createInstallation(t, ['operator']);
    for (const limit of [0, -1, null]) {
      await t.throwsAsync(ask(`CALL ${routine}('', ?)`, [limit]), {
        instanceOf: DatabaseError,
        message: `\`${routine}\`: p_limit must be at least 1`,
      });
    }
  });
}

test('A page of sessions has their data, remaining lifetime and age.', async (t) => {
  const { ask } = await createSessions(t);
  const [row] = await ask("CALL sess_all('', 1)");
  const [sid, sess, left, age] = row ?? [];
  t.deepEqual([String(sid), String(sess)], ['A', '{}']);
  t.true(Number(left) > 0 && Number(left) <= 60_000);
  t.true(Number(age) >= 86_400_000);
});

test('sess_length counts live and expired sessions separately.', async (t) => {
  const { ask } = await createSessions(t);
  t.deepEqual((await ask('CALL sess_length()'))[0]?.map(Number), [4, 1]);
});

test('Repeated calls of sess_clear delete all sessions, live ones too.', async (t) => {
  const installation = await createSessions(t);
  const batches: unknown[] = [];
  for (let batch = 0; batch < 3; batch++) {
    const [row] = await installation.ask('CALL sess_clear(2)');
    batches.push(row?.[0]);
  }
  t.deepEqual(batches.map(Number), [2, 2, 1]);
  t.deepEqual(await ids(installation), []);
});

test('sess_clear refuses the limit 0.', async (t) => {
  const { ask } = await createInstallation(t, ['operator']);
  await t.throwsAsync(ask('CALL sess_clear(0)'), {
    message: '`sess_clear`: p_limit must be at least 1',
  });
});
