import test from 'ava';
import type { SessionData } from 'express-session';
import { ArgumentError } from '../../../src';
import { createStore, session } from '../../support/store';

function nested(levels: number): unknown {
  return levels === 0 ? null : { deeper: nested(levels - 1) };
}

const cycle: { self?: unknown } = {};
cycle.self = cycle;

const refused: Record<string, [SessionData, RegExp]> = {
  'a cycle': [session(cycle), /^Expected `session` to be serializable, got .*circular/],
  'a BigInt': [session(1n), /^Expected `session` to be serializable, got .*BigInt/],
  'more levels than every server accepts': [
    session(nested(150)),
    /^Expected `session` to be nested at most \d+ levels deep on this server, got 151 levels$/,
  ],
  'half of a surrogate pair': [
    session('\ud83d'),
    /^Expected `session` to be well-formed Unicode, got half of a surrogate pair$/,
  ],
  'an expiry that is not a date': [
    { cookie: { originalMaxAge: null, expires: new Date(Number.NaN) } },
    /^Expected `session.cookie.expires` to be a date, got an Invalid Date$/,
  ],
  'an expiry beyond DATETIME': [
    { cookie: { originalMaxAge: null, expires: new Date(8.64e15) } },
    /^Expected `session.cookie.expires` to be a time before the year 10000, got the date \+275760-/,
  ],
  'a maxAge that is NaN': [
    { cookie: { originalMaxAge: null, maxAge: Number.NaN } },
    /^Expected `session.cookie.maxAge` to be a number of milliseconds, got NaN$/,
  ],
};

for (const [name, [wrong, message]] of Object.entries(refused)) {
  test(`A session with ${name} is refused, and nothing is written.`, async (t) => {
    const { store } = await createStore(t);
    await store.set('sid', session('before'));
    await t.throwsAsync(async () => store.set('sid', wrong), {
      instanceOf: ArgumentError,
      message,
    });
    t.is((await store.get('sid'))?.value, 'before');
  });
}

for (const wrong of [undefined, null, 'text', 7]) {
  test(`The session ${String(wrong)} is refused.`, async (t) => {
    const { store } = await createStore(t);
    await t.throwsAsync(async () => Reflect.apply(store.set, store, ['sid', wrong]), {
      instanceOf: ArgumentError,
      message: /^Expected `session` to be an object, got /,
    });
  });
}

for (const lifetime of [Number.NaN, -1, 1e15]) {
  test(`A ttl function that returns ${lifetime} is refused, and nothing is written.`, async (t) => {
    const { store, query } = await createStore(t, { ttl: () => lifetime });
    await t.throwsAsync(async () => store.set('sid', session(undefined, null)), {
      instanceOf: ArgumentError,
      message: /^Expected `ttl` to be /,
    });
    t.deepEqual(await query('SELECT sid FROM sessions'), []);
  });
}

test('A session can nest as deep as the server allows, and not deeper.', async (t) => {
  const { store, query } = await createStore(t);
  const [version] = await query('CALL sess_version()');
  const levels = Number(version?.[1]);
  // The session itself is one level.
  await store.set('sid', session(nested(levels - 1)));
  t.deepEqual((await store.get('sid'))?.value, nested(levels - 1));
  await t.throwsAsync(async () => store.set('sid', session(nested(levels))), {
    message: `Expected \`session\` to be nested at most ${levels} levels deep on this server, got ${levels + 1} levels`,
  });
});

test('A session that exceeds max_allowed_packet is refused.', async (t) => {
  const { store, query } = await createStore(t);
  const [packet] = await query('SELECT @@max_allowed_packet');
  const most = (Number(packet?.[0]) - 1_024) / 2;
  await t.throwsAsync(async () => store.set('sid', session('x'.repeat(most))), {
    instanceOf: ArgumentError,
    message:
      /^Expected `session` to be at most \d+ bytes of JSON text on this server, whose max_allowed_packet is \d+, got \d+ bytes$/,
  });
});

test('A session that just fits into max_allowed_packet is stored.', async (t) => {
  const { store, query } = await createStore(t);
  const [packet] = await query('SELECT @@max_allowed_packet');
  const most = (Number(packet?.[0]) - 1_024) / 2;
  const rest = Buffer.byteLength(JSON.stringify(session('')));
  const value = 'x'.repeat(most - rest);
  await store.set('sid', session(value));
  t.is(Object(await store.get('sid')).value.length, value.length);
});

test('The error for text that is not JSON has the reason of the server.', async (t) => {
  const { store } = await createStore(t, {
    serializer: { stringify: () => 'not JSON', parse: JSON.parse },
  });
  await t.throwsAsync(async () => store.set('sid', session()), {
    instanceOf: ArgumentError,
    message:
      /^Expected `session` to be JSON text that the server accepts, got text that it rejects: /,
  });
});
