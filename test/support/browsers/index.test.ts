import { dirname } from 'node:path';
import test from 'ava';
import { programThatPrints } from '../servers/test-helpers';
import { type BrowserMachine, findChromium, thisMachine } from '.';

/** A machine that has no browser in any way. */
const emptyMachine: BrowserMachine = { path: undefined, folders: [], aptGet: 'no-apt-get-here' };

test('An empty CHROMIUM_PATH means that it is not set.', (t) => {
  t.is(thisMachine({ CHROMIUM_PATH: '' }).path, undefined);
});

test('CHROMIUM_PATH comes before all other sources.', async (t) => {
  const given = await programThatPrints(t, 'given', 'Chromium 156.0');
  const installed = await programThatPrints(t, 'chromium', 'Chromium 156.0');
  const machine = { ...emptyMachine, path: given, folders: [dirname(installed)] };
  t.is((await findChromium(machine)).path, given);
});

test('A CHROMIUM_PATH without a program is an error, and the search ends.', async (t) => {
  const installed = await programThatPrints(t, 'chromium', 'Chromium 156.0');
  const machine = { ...emptyMachine, path: '/nowhere', folders: [dirname(installed)] };
  await t.throwsAsync(findChromium(machine), {
    message: /^CHROMIUM_PATH is set, .*\/nowhere: not found$/,
  });
});

for (const [name, version] of [
  ['chromium-headless-shell', 'Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)'],
  ['chromium', 'Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)'],
  ['chromium-browser', 'Chromium 156.0.8078.79'],
  ['google-chrome', 'Google Chrome 156.0.8078.79'],
] as const) {
  test(`An installed ${name} is found.`, async (t) => {
    const program = await programThatPrints(t, name, version);
    const machine = { ...emptyMachine, folders: [dirname(program)] };
    t.is((await findChromium(machine)).path, program);
  });
}

test('A program with the name of a browser is not used if it is not one.', async (t) => {
  const stub = await programThatPrints(t, 'chromium', 'Please install the snap');
  const program = await programThatPrints(t, 'google-chrome', 'Google Chrome 156.0');
  const machine = { ...emptyMachine, folders: [dirname(stub), dirname(program)] };
  t.is((await findChromium(machine)).path, program);
});

test('Without a browser, the error lists every source and why it has none.', async (t) => {
  const { message } = await t.throwsAsync(findChromium(emptyMachine));
  for (const line of [
    /set CHROMIUM_PATH .*: it is not set/,
    /install chromium: no chromium-headless-shell, chromium, chromium-browser, google-chrome/,
    /let apt-get reach its mirrors: no-apt-get-here: /,
  ]) {
    t.regex(message, line);
  }
});
