import test from 'ava';
import { runScript } from '../support/script';
import { expectedResults } from './every-method.cjs';
import { createFullInstallation } from './fake-timers';

const script = `
  const fakeTimers = require('@sinonjs/fake-timers');
  const { callEveryMethod } = require('./test/stores/every-method.cjs');
  callEveryMethod(
    (subpath) => require('./src' + subpath),
    process.env.ACCOUNT_URL,
    () => {
      const clock = fakeTimers.install(JSON.parse(process.env.FAKES));
      return () => clock.uninstall();
    },
  ).then((results) => console.log(JSON.stringify(results)));
`;

for (const [library, fakes] of Object.entries({
  'sinon and vitest': {
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'setImmediate',
      'clearImmediate',
      'Date',
      'performance',
      'hrtime',
      'queueMicrotask',
    ],
  },
  'a clock of another year': { now: 0, toFake: ['Date', 'performance', 'setTimeout'] },
})) {
  test(`Under fake timers as in ${library}, every method of a store works.`, async (t) => {
    const { code, output } = await runScript(script, {
      ACCOUNT_URL: await createFullInstallation(t),
      FAKES: JSON.stringify(fakes),
    });
    t.is(code, 0);
    t.deepEqual(JSON.parse(output), expectedResults);
  });
}
