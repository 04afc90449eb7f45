import test from 'ava';
import { ArgumentError } from '../../src/errors';
import { gracePeriodFor } from '../../src/sessions/expiration-policy';
import { cookieAdapter } from '../../src/stores/cookie-adapter';

const now = Date.UTC(2030, 0, 1);

test('A session lives until its cookie expires.', (t) => {
  t.is(cookieAdapter.ttl({ cookie: { expires: new Date(now + 5) } }, now), 5);
});

test('The expiry can be a text, as JSON has it.', (t) => {
  t.is(cookieAdapter.ttl({ cookie: { expires: new Date(now + 5).toISOString() } }, now), 5);
});

test('An expiry in the past gives a lifetime below zero.', (t) => {
  t.is(cookieAdapter.ttl({ cookie: { expires: new Date(now - 5) } }, now), -5);
});

test('Without an expiry, the maxAge of a plain object decides.', (t) => {
  t.is(cookieAdapter.ttl({ cookie: { maxAge: 7 } }, now), 7);
});

for (const cookie of [
  undefined,
  null,
  {},
  { expires: null },
  { expires: null, maxAge: null },
  { expires: false },
]) {
  test(`The cookie ${JSON.stringify(cookie)} does not say how long its session lives.`, (t) => {
    t.is(cookieAdapter.ttl(cookie === undefined ? {} : { cookie }, now), undefined);
  });
}

test('A fraction of a millisecond is rounded up.', (t) => {
  t.is(cookieAdapter.ttl({ cookie: { maxAge: 0.25 } }, now), 1);
});

test('A session can end in the last millisecond of the year 9999.', (t) => {
  const end = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
  t.is(cookieAdapter.ttl({ cookie: { expires: new Date(end) } }, now), end - now);
});

for (const [name, cookie, message] of [
  [
    'an expiry that is not a date',
    { expires: 'soon' },
    'Expected `session.cookie.expires` to be a date, got "soon"',
  ],
  [
    'an Invalid Date',
    { expires: new Date(Number.NaN) },
    'Expected `session.cookie.expires` to be a date, got an Invalid Date',
  ],
  [
    'an expiry in the year 10000',
    { expires: new Date(Date.UTC(10000, 0, 1)) },
    'Expected `session.cookie.expires` to be a time before the year 10000, ' +
      'got the date +010000-01-01T00:00:00.000Z',
  ],
  [
    'a maxAge of NaN',
    { maxAge: Number.NaN },
    'Expected `session.cookie.maxAge` to be a number of milliseconds, got NaN',
  ],
  [
    'an infinite maxAge',
    { maxAge: Number.POSITIVE_INFINITY },
    'Expected `session.cookie.maxAge` to be a time before the year 10000, got Infinity',
  ],
  [
    'a maxAge that is a string',
    { maxAge: '60' },
    'Expected `session.cookie.maxAge` to be a number of milliseconds, got "60"',
  ],
] as const) {
  test(`The error for ${name} says what it is.`, (t) => {
    t.throws(() => cookieAdapter.ttl({ cookie }, now), { instanceOf: ArgumentError, message });
  });
}

for (const [what, session, gracePeriod] of [
  ['of a minute', { cookie: { originalMaxAge: 60_000, expires: new Date(now) } }, 600],
  ['of half an hour', { cookie: { originalMaxAge: 1_800_000, expires: new Date(now) } }, 18_000],
  ['of a year', { cookie: { originalMaxAge: 31_536_000_000, expires: new Date(now) } }, 60_000],
  ['of 99 milliseconds', { cookie: { originalMaxAge: 99, expires: new Date(now) } }, 0],
  ['that ends with the browser', { cookie: { originalMaxAge: null, expires: null } }, 50],
  ['without a cookie', {}, 50],
  ['that ends at a fixed date', { cookie: { expires: new Date(now + 5_000) } }, 0],
] as const) {
  test(`The row of a session ${what} outlives it by ${gracePeriod} ms.`, (t) => {
    const lifetime = cookieAdapter.originalMaxAge(session) ?? 5_000;
    t.is(gracePeriodFor(lifetime, undefined), gracePeriod);
  });
}

const isSameCookie = (before: object, after: object) =>
  cookieAdapter.isSameValue('cookie', before, after);

test('Another time of expiry and another order of the keys are no change of the cookie.', (t) => {
  const before = { path: '/', expires: '2030-01-01T00:00:00.000Z', originalMaxAge: 5 };
  const after = { originalMaxAge: 5, expires: '2031-01-01T00:00:00.000Z', path: '/' };
  t.true(isSameCookie(before, after));
});

for (const [what, cookie] of [
  ['another lifetime', { originalMaxAge: 60, expires: '2030-01-01T00:00:00.000Z' }],
  ['no expiry any more', { originalMaxAge: 5, expires: null }],
  ['another attribute', { originalMaxAge: 5, expires: '2030-01-01T00:00:00.000Z', secure: true }],
] as const) {
  test(`A cookie with ${what} has changed.`, (t) => {
    t.false(isSameCookie({ originalMaxAge: 5, expires: '2030-01-01T00:00:00.000Z' }, cookie));
  });
}

test('A lifetime that differs by a millisecond is no change of the cookie.', (t) => {
  t.true(isSameCookie({ originalMaxAge: 5 }, { originalMaxAge: 4 }));
});

test('A cookie that lost its lifetime has changed.', (t) => {
  t.false(isSameCookie({ originalMaxAge: 5 }, { originalMaxAge: null }));
});

test('The originalExpires of @fastify/session is no change of the cookie.', (t) => {
  const after = { originalMaxAge: 5, originalExpires: '2031-01-01T00:00:00.000Z' };
  t.true(isSameCookie({ originalMaxAge: 5 }, after));
});

test('The expiry in another key than the cookie counts as data.', (t) => {
  t.false(cookieAdapter.isSameValue('token', { expires: 1 }, { expires: 2 }));
});
