import test from 'ava';
import { ArgumentError } from '../../src/errors';
import { koaSessionAdapter, ttlAdapter } from '../../src/stores/koa-adapters';

const now = Date.UTC(2030, 0, 1);

test('A session of koa-session lives until its _expire.', (t) => {
  t.is(koaSessionAdapter.ttl({ _expire: now + 5, _maxAge: 60 }, now), 5);
});

test('Without _expire, a session of koa-session does not say how long it lives.', (t) => {
  t.is(koaSessionAdapter.ttl({ _session: true }, now), undefined);
});

for (const _expire of ['soon', null, Number.NaN]) {
  test(`The error for an _expire of ${_expire} names session._expire.`, (t) => {
    const error = t.throws(() => koaSessionAdapter.ttl({ _expire }, now), {
      instanceOf: ArgumentError,
    });
    t.is(error.argument, 'session._expire');
  });
}

test('Another _expire is no change of a session of koa-session.', (t) => {
  t.true(koaSessionAdapter.isSameValue('_expire', 5, 6));
});

test('Another _maxAge is a change of a session of koa-session.', (t) => {
  t.false(koaSessionAdapter.isSameValue('_maxAge', 5, 6));
});

test('The key cookie of a session of koa-session is data.', (t) => {
  t.false(koaSessionAdapter.isSameValue('cookie', { expires: 1 }, { expires: 2 }));
});

for (const [key, before, after] of [
  ['_expire', 5, 6],
  ['cookie', { expires: 1 }, { expires: 2 }],
] as const) {
  test(`The key ${key} is data for the other middlewares of Koa.`, (t) => {
    t.false(ttlAdapter.isSameValue(key, before, after));
  });
}
