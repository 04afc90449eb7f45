import test from 'ava';
import fc from 'fast-check';
import { changesBetween as changesOf } from '../src/changes';
import { cookieExpiry } from '../src/cookie-expiry';
import { koaSessionExpiry, noExpiry } from '../src/koa-expiry';

const changesBetween = (before: string, after: string, { isSame } = cookieExpiry) =>
  changesOf(before, after, isSame);

function changes(before: unknown, after: unknown) {
  return changesBetween(JSON.stringify(before), JSON.stringify(after));
}

test('A session that did not change has no changes.', (t) => {
  t.deepEqual(changes({ user: { id: 1 }, tags: ['a'] }, { user: { id: 1 }, tags: ['a'] }), {
    changed: [],
    removed: [],
  });
});

test('Keys are told apart that are new, that have another value, and that are gone.', (t) => {
  t.deepEqual(changes({ same: 1, other: { deep: 1 }, gone: 1 }, { same: 1, other: { deep: 2 }, new: null }), {
    changed: [
      ['other', '{"deep":2}'],
      ['new', 'null'],
    ],
    removed: ['gone'],
  });
});

test('A key that only a prototype has is a new one.', (t) => {
  t.deepEqual(changes({}, { constructor: 1 }), { changed: [['constructor', '1']], removed: [] });
});

test('A key with the name of the prototype is one like any other.', (t) => {
  const [before, after] = ['{"__proto__":1}', '{"__proto__":2}'];
  t.deepEqual(changesBetween(before, after), { changed: [['__proto__', '2']], removed: [] });
  t.deepEqual(changesBetween(before, '{}'), { changed: [], removed: ['__proto__'] });
});

test('White space in a text, as a server may put it there, is no change.', (t) => {
  t.deepEqual(changesBetween('{ "a" : [1, 2] }', '{"a":[1,2]}'), { changed: [], removed: [] });
});

test('A cookie that expires at another time has not changed, whatever the order of its keys.', (t) => {
  const before = { cookie: { path: '/', expires: '2030-01-01T00:00:00.000Z', originalMaxAge: 5 } };
  const after = { cookie: { originalMaxAge: 5, expires: '2031-01-01T00:00:00.000Z', path: '/' } };
  t.deepEqual(changes(before, after), { changed: [], removed: [] });
});

for (const [what, cookie] of [
  ['has another lifetime', { originalMaxAge: 60, expires: '2030-01-01T00:00:00.000Z' }],
  ['no longer expires', { originalMaxAge: 5, expires: null }],
  ['has another attribute', { originalMaxAge: 5, expires: '2030-01-01T00:00:00.000Z', secure: true }],
] as const) {
  test(`A cookie that ${what} has changed.`, (t) => {
    const before = { cookie: { originalMaxAge: 5, expires: '2030-01-01T00:00:00.000Z' } };
    t.deepEqual(changes(before, { cookie }), { changed: [['cookie', JSON.stringify(cookie)]], removed: [] });
  });
}

test('A cookie whose lifetime is a millisecond off has not changed, and one that lost its lifetime has.', (t) => {
  const before = { cookie: { originalMaxAge: 5 } };
  t.deepEqual(changes(before, { cookie: { originalMaxAge: 4 } })?.changed, []);
  t.deepEqual(changes(before, { cookie: { originalMaxAge: null } })?.changed, [
    ['cookie', '{"originalMaxAge":null}'],
  ]);
});

test('What @fastify/session notes of the expiry that it loaded is no change of the cookie.', (t) => {
  const before = { cookie: { originalMaxAge: 5 } };
  const after = { cookie: { originalMaxAge: 5, originalExpires: '2031-01-01T00:00:00.000Z' } };
  t.deepEqual(changes(before, after), { changed: [], removed: [] });
});

test('The time at which a session of koa-session ends is no change, and its lifetime is one.', (t) => {
  const before = '{"_expire":5,"_maxAge":5,"cookie":{"expires":1}}';
  const changes = (after: string) => changesBetween(before, after, koaSessionExpiry)?.changed;
  t.deepEqual(changes('{"_expire":6,"_maxAge":5,"cookie":{"expires":1}}'), []);
  t.deepEqual(changes('{"_expire":6,"_maxAge":6,"cookie":{"expires":1}}'), [['_maxAge', '6']]);
  t.deepEqual(changes('{"_expire":5,"_maxAge":5,"cookie":{"expires":2}}'), [['cookie', '{"expires":2}']]);
});

test('To the other middlewares of Koa no key means an expiry.', (t) => {
  t.deepEqual(
    changesBetween('{"_expire":5,"cookie":{"expires":1}}', '{"_expire":6,"cookie":{"expires":2}}', noExpiry),
    {
      changed: [
        ['_expire', '6'],
        ['cookie', '{"expires":2}'],
      ],
      removed: [],
    },
  );
});

test('Another key may hold an expiry, and it counts.', (t) => {
  t.deepEqual(changes({ token: { expires: 1 } }, { token: { expires: 2 } })?.changed, [
    ['token', '{"expires":2}'],
  ]);
});

for (const text of ['[]', '"text"', 'null', '1']) {
  test(`The text ${text} has no keys to tell apart.`, (t) => {
    t.is(changesBetween(text, '{}'), undefined);
    t.is(changesBetween('{}', text), undefined);
  });
}

test('The changes, made to what was before, give what is after.', (t) => {
  const key = fc.string({ maxLength: 2 });
  const session = fc
    .dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 8 })
    .map((data): Record<string, unknown> => JSON.parse(JSON.stringify(data)));
  fc.assert(
    fc.property(session, session, (before, after) => {
      const { changed, removed } = changes(before, after) ?? { changed: [], removed: [] };
      const kept = Object.entries(before).filter(([key]) => !removed.includes(key));
      const set = changed.map(([key, json]) => [key, JSON.parse(json)]);
      t.deepEqual(Object.fromEntries([...kept, ...set]), after);
    }),
  );
});
