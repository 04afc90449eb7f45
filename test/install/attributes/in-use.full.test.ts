import test from 'ava';
import { addAttribute, dropAttribute } from '../../../src/install';
import { waitUntil } from '../../support/wait-until';
import { createInstallation } from '../installation';
import { found, save, userId } from './attributed';

test('The index stays correct while users change its values and while it is built.', async (t) => {
  const installation = await createInstallation(t);
  const { url, ask, query } = installation;
  for (let index = 0; index < 50; index++) {
    await save(installation, `s${index}`, { user: { id: 'u0' } });
  }
  let busy = true;
  let calls = 0;
  const change = async (seed: number) => {
    for (let turn = seed; busy; turn += 7) {
      const sid = Buffer.from(`s${turn % 50}`);
      const user = Buffer.from(JSON.stringify(['user', { id: `u${turn % 11}` }]));
      if (turn % 5 === 0) {
        await ask('CALL sess_destroy(?)', [sid]);
        await save(installation, `s${turn % 50}`, { user: { id: `u${turn % 11}` } });
      } else {
        await ask("CALL sess_merge(?, ?, '[]', 60000)", [sid, user]);
      }
      calls++;
    }
  };
  const users = [1, 2, 3, 4].map(change);
  for (let round = 0; round < 3; round++) {
    await addAttribute({ connection: url }, userId);
    const before = calls;
    await waitUntil(() => calls > before + 100);
    await dropAttribute({ connection: url }, 'user_id');
  }
  await addAttribute({ connection: url }, userId);
  busy = false;
  await Promise.all(users);
  const [check] = await query('CHECK TABLE sessions EXTENDED');
  t.is(check?.[3], 'OK');
  for (let user = 0; user < 11; user++) {
    const rows = await query(
      "SELECT sid FROM sessions IGNORE INDEX (user_id_idx) WHERE JSON_UNQUOTE(JSON_EXTRACT(sess, '$.user.id')) = ? ORDER BY sid",
      [`u${user}`],
    );
    t.deepEqual(
      await found(installation, 'user_id', `u${user}`),
      rows.map(([sid]) => String(sid)),
    );
  }
});
