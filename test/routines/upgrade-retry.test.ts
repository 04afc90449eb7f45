import test from 'ava';
import { DatabaseError } from '../../src';
import { errno } from '../../src/database/error-codes';
import { UpgradeRetry } from '../../src/routines/upgrade-retry';

function failure(number: number): DatabaseError {
  return new DatabaseError('refused', { code: undefined, errno: number, sqlState: undefined });
}

/** A call that fails with each of the errors in turn, then succeeds. `seen` counts the attempts. */
function failingCall(failures: readonly number[]) {
  const remaining = failures.map(failure);
  const seen = { calls: 0 };
  const call = async () => {
    seen.calls++;
    const error = remaining.shift();
    if (error) {
      throw error;
    }
    return 'result';
  };
  return { seen, call };
}

/** Returns an instance for which `sess_get` worked before. */
async function withGetWorking(): Promise<UpgradeRetry> {
  const upgradeRetry = new UpgradeRetry();
  await upgradeRetry.retryDuringUpgrade('sess_get', async () => 'result');
  return upgradeRetry;
}

for (const [state, number] of [
  ['was dropped', errno.noSuchRoutine],
  ['is not granted yet', errno.routineDenied],
] as const) {
  test(`A routine that worked before and ${state} is called again until it is back.`, async (t) => {
    const { seen, call } = failingCall([number, number, number]);
    t.is(await (await withGetWorking()).retryDuringUpgrade('sess_get', call), 'result');
    t.is(seen.calls, 4);
  });

  test(`A routine that never worked and ${state} is called once.`, async (t) => {
    const { seen, call } = failingCall([number]);
    await t.throwsAsync((await withGetWorking()).retryDuringUpgrade('sess_set', call));
    t.is(seen.calls, 1);
  });
}

for (const number of Object.values(errno)) {
  if (number !== errno.noSuchRoutine && number !== errno.routineDenied) {
    test(`Error ${number} of a routine that worked before is thrown at once.`, async (t) => {
      const { seen, call } = failingCall([number]);
      await t.throwsAsync((await withGetWorking()).retryDuringUpgrade('sess_get', call), {
        message: 'refused',
      });
      t.is(seen.calls, 1);
    });
  }
}

test('The retries of a routine that stays away last a second.', async (t) => {
  const { seen, call } = failingCall(Array.from({ length: 1_000 }, () => errno.noSuchRoutine));
  const start = performance.now();
  await t.throwsAsync((await withGetWorking()).retryDuringUpgrade('sess_get', call), {
    message: 'refused',
  });
  const duration = performance.now() - start;
  t.true(duration > 900, `${duration} ms`);
  t.true(seen.calls > 1 && seen.calls < 102, `${seen.calls} calls`);
});

test('After its retries ended, a routine that is still away is called once.', async (t) => {
  const upgradeRetry = await withGetWorking();
  const { seen, call } = failingCall(Array.from({ length: 1_000 }, () => errno.noSuchRoutine));
  await t.throwsAsync(upgradeRetry.retryDuringUpgrade('sess_get', call));
  const before = seen.calls;
  await t.throwsAsync(upgradeRetry.retryDuringUpgrade('sess_get', call));
  t.is(seen.calls, before + 1);
});
