import test from 'ava';
import { createConnection } from 'mysql2/promise';
import { RetryBudgetError } from '../../src';
import { createInstallation, openStore, session, setExpiry } from '../support/store';

// SECURITY.md promises this: the credentials are enough to keep the lock of a session.
test('Who keeps the lock of a session delays its saves alone.', async (t) => {
  const installation = await createInstallation(t);
  const store = openStore(t, installation.accountUrl, { retryBudget: 1_000 });
  await store.set('expired', session());
  await setExpiry(installation, -1_000);
  await store.set('held', session('before'));
  const attacker = await createConnection(installation.accountUrl);
  t.teardown(() => attacker.destroy());
  await attacker.query('START TRANSACTION');
  await attacker.query("CALL sess_set('held', '{}', 60000)");

  await t.throwsAsync(async () => store.set('held', session('after')), {
    instanceOf: RetryBudgetError,
  });
  t.is((await store.get('held'))?.value, 'before');
  await store.set('other', session('other'));
  t.is((await store.get('other'))?.value, 'other');
  t.is(await store.gc(), 1);
});
