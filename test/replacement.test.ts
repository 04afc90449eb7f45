import test from 'ava';
import { DatabaseError } from '../src';
import { Replacement } from '../src/replacement';
import { errno } from '../src/servers';

function failure(number: number): DatabaseError {
  return new DatabaseError('refused', { code: undefined, errno: number, sqlState: undefined });
}

/** A routine that fails so many times, and the calls that it was sent. */
function routine(failures: readonly number[]) {
  const left = failures.map(failure);
  const seen = { calls: 0 };
  const call = async () => {
    seen.calls++;
    const error = left.shift();
    if (error) {
      throw error;
    }
    return 'result';
  };
  return { seen, call };
}

async function workedBefore(): Promise<Replacement> {
  const replacement = new Replacement();
  await replacement.rideOut('sess_get', async () => 'result');
  return replacement;
}

for (const [moment, number] of [
  ['has been dropped', errno.noSuchRoutine],
  ['is not granted yet', errno.routineDenied],
] as const) {
  test(`A routine that worked before and ${moment} is called again until it is back.`, async (t) => {
    const { seen, call } = routine([number, number, number]);
    t.is(await (await workedBefore()).rideOut('sess_get', call), 'result');
    t.is(seen.calls, 4);
  });

  test(`A routine that never worked and ${moment} is called once.`, async (t) => {
    const { seen, call } = routine([number]);
    await t.throwsAsync((await workedBefore()).rideOut('sess_set', call));
    t.is(seen.calls, 1);
  });
}

for (const number of Object.values(errno)) {
  if (number !== errno.noSuchRoutine && number !== errno.routineDenied) {
    test(`Error ${number} is reported at once, whether or not the routine worked before.`, async (t) => {
      const { seen, call } = routine([number]);
      await t.throwsAsync((await workedBefore()).rideOut('sess_get', call), { message: 'refused' });
      t.is(seen.calls, 1);
    });
  }
}

test('A routine that is gone for good is given up within a second or so.', async (t) => {
  const { seen, call } = routine(Array.from({ length: 1_000 }, () => errno.noSuchRoutine));
  const start = performance.now();
  await t.throwsAsync((await workedBefore()).rideOut('sess_get', call), { message: 'refused' });
  const took = performance.now() - start;
  t.true(took > 900 && took < 3_000, `${took} ms`);
  t.true(seen.calls > 10 && seen.calls < 102, `${seen.calls} calls`);
});

test('A routine that was given up is not waited for again.', async (t) => {
  const replacement = await workedBefore();
  const { seen, call } = routine(Array.from({ length: 1_000 }, () => errno.noSuchRoutine));
  await t.throwsAsync(replacement.rideOut('sess_get', call));
  const before = seen.calls;
  await t.throwsAsync(replacement.rideOut('sess_get', call));
  t.is(seen.calls, before + 1);
});
