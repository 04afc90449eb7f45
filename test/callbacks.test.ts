import { once } from 'node:events';
import test from 'ava';
import { settle } from '../src/callbacks';
import { ArgumentError } from '../src/errors';

test('A callback gets the value.', async (t) => {
  t.deepEqual(
    await new Promise((resolve) =>
      settle(
        async () => 7,
        (...args) => resolve(args),
      ),
    ),
    [null, 7],
  );
});

test('A callback gets the error.', async (t) => {
  const error = new Error('no');
  t.deepEqual(
    await new Promise((resolve) =>
      settle(
        () => Promise.reject(error),
        (...args) => resolve(args),
      ),
    ),
    [error],
  );
});

test('A callback is never called before the method has returned.', async (t) => {
  let returned = false;
  const called = new Promise<boolean>((resolve) =>
    settle(
      async () => 7,
      () => resolve(returned),
    ),
  );
  returned = true;
  t.true(await called);
});

test('Without a callback there is a promise.', async (t) => {
  t.is(await settle(async () => 7, undefined), 7);
});

test('With a callback there is no promise.', (t) => {
  t.is(
    settle(
      async () => 7,
      () => {},
    ),
    undefined,
  );
});

test('A rejection still reaches whoever waits for the promise.', async (t) => {
  await t.throwsAsync(async () => settle(() => Promise.reject(new Error('no')), undefined), {
    message: 'no',
  });
});

test('A callback that is no function is refused before any work is done.', (t) => {
  let done = false;
  const work = async () => {
    done = true;
  };
  t.throws(() => Reflect.apply(settle, undefined, [work, 'callback']), { instanceOf: ArgumentError });
  t.false(done);
});

test.serial('What a callback throws is the application’s: called once, and no rejection.', async (t) => {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  t.teardown(() => process.off('unhandledRejection', onRejection));
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  t.teardown(() => {
    for (const listener of before) {
      process.on('uncaughtException', listener);
    }
  });

  let calls = 0;
  const thrown = once(process, 'uncaughtException');
  settle(
    async () => 7,
    () => {
      calls++;
      throw new Error('thrown by the callback');
    },
  );
  const [error] = await thrown;
  await new Promise(setImmediate);
  t.is(error.message, 'thrown by the callback');
  t.deepEqual({ calls, rejections }, { calls: 1, rejections: [] });
});
