import { dirname } from 'node:path';
import test from 'ava';
import { findChromium } from './chromium';
import { bare } from './helpers/bare';
import { programThatPrints } from './helpers/program';
import { thisMachine } from './machine';

test('an empty CHROMIUM_PATH is none', (t) => {
  t.is(thisMachine({ CHROMIUM_PATH: '' }).path, undefined);
});

test('CHROMIUM_PATH comes before everything else', async (t) => {
  const [given, installed] = [
    await programThatPrints(t, 'given', 'Chromium 156.0'),
    await programThatPrints(t, 'chromium', 'Chromium 156.0'),
  ];
  const { path } = await findChromium({ ...bare, path: given, folders: [dirname(installed)] });
  t.is(path, given);
});

test('a CHROMIUM_PATH where nothing is is an error, and no reason to look further', async (t) => {
  const installed = await programThatPrints(t, 'chromium', 'Chromium 156.0');
  await t.throwsAsync(findChromium({ ...bare, path: '/nowhere', folders: [dirname(installed)] }), {
    message: /^CHROMIUM_PATH is set, .*\/nowhere: not found$/,
  });
});

for (const [name, line] of [
  ['chromium', 'Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)'],
  ['chromium-browser', 'Chromium 156.0.8078.79'],
  ['google-chrome', 'Google Chrome 156.0.8078.79'],
] as const) {
  test(`an installed ${name} is found`, async (t) => {
    const program = await programThatPrints(t, name, line);
    t.is((await findChromium({ ...bare, folders: [dirname(program)] })).path, program);
  });
}

test('a program that is only called so is passed over', async (t) => {
  const stub = await programThatPrints(t, 'chromium', 'Please install the snap');
  const program = await programThatPrints(t, 'google-chrome', 'Google Chrome 156.0');
  t.is((await findChromium({ ...bare, folders: [dirname(stub), dirname(program)] })).path, program);
});

test('without any browser the error names every choice', async (t) => {
  const error = await t.throwsAsync(findChromium(bare));
  for (const choice of ['set CHROMIUM_PATH', 'install chromium', 'let apt-get reach its mirrors']) {
    t.true(error.message.includes(choice), choice);
  }
});

test('without any browser the error tells why each choice was not taken', async (t) => {
  const error = await t.throwsAsync(findChromium(bare));
  for (const reason of [
    'it is not set',
    'no chromium, chromium-browser or google-chrome',
    'no-apt-get-here: ',
  ]) {
    t.true(error.message.includes(reason), reason);
  }
});
