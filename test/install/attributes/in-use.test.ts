import test from 'ava';
import { addAttribute } from '../../../src/install';
import { openDatabase } from '../../support/database';
import { waitUntil } from '../../support/wait-until';
import { createInstallation } from '../installation';
import { found, save, userId } from './attributed';

test('While a long transaction uses the table, adding an attribute delays other calls by at most one second each time.', async (t) => {
  const installation = await createInstallation(t);
  await save(installation, 'a', { user: { id: 'ada' } });
  const { url } = installation;
  let refusals = 0;
  let longest = 0;
  await openDatabase(t, url).withConnection(async (transaction) => {
    await transaction.query('START TRANSACTION');
    await transaction.query('SELECT COUNT(*) FROM sessions');
    let done = false;
    const change = addAttribute({ connection: url }, userId, {
      onTableInUse: () => refusals++,
    }).finally(() => {
      done = true;
    });
    await waitUntil(async () => {
      const asked = performance.now();
      await installation.ask("CALL sess_get('a')");
      longest = Math.max(longest, performance.now() - asked);
      return refusals > 0;
    });
    t.false(done);
    await transaction.query('COMMIT');
    await change;
  });
  // The servers count whole seconds. A busy machine wakes a waiting call late.
  t.true(longest < 30_000, `${longest} ms`);
  t.deepEqual(await found(installation, 'user_id', 'ada'), ['a']);
});
