import { once } from 'node:events';
import test from 'ava';
import { ArgumentError } from '../../src/errors';
import { promiseOrCallback } from '../../src/stores/promise-or-callback';

test('A callback gets the value.', async (t) => {
  t.deepEqual(
    await new Promise((resolve) =>
      promiseOrCallback(
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
      promiseOrCallback(
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
    promiseOrCallback(
      async () => 7,
      () => resolve(returned),
    ),
  );
  returned = true;
  t.true(await called);
});

test('Without a callback, the method returns a promise.', async (t) => {
  t.is(await promiseOrCallback(async () => 7, undefined), 7);
});

test('With a callback, the method returns undefined.', (t) => {
  t.is(
    promiseOrCallback(
      async () => 7,
      () => {},
    ),
    undefined,
  );
});

test('A caller that awaits the promise gets its rejection.', async (t) => {
  await t.throwsAsync(
    async () => promiseOrCallback(() => Promise.reject(new Error('no')), undefined),
    {
      message: 'no',
    },
  );
});

test('A callback that is not a function is refused before the call runs.', (t) => {
  let hasRun = false;
  const call = async () => {
    hasRun = true;
  };
  t.throws(() => Reflect.apply(promiseOrCallback, undefined, [call, 'callback']), {
    instanceOf: ArgumentError,
  });
  t.false(hasRun);
});

test.serial(
  'An error that a callback throws is an uncaught exception, and no rejection.',
  async (t) => {
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
    promiseOrCallback(
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
  },
);

test('A rejected promise that no caller awaits is not an unhandled rejection.', async (t) => {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  t.teardown(() => process.off('unhandledRejection', onRejection));
  const error = new Error('no');
  promiseOrCallback(() => Promise.reject(error), undefined);
  await new Promise(setImmediate);
  t.false(rejections.includes(error));
});
