import test from 'ava';
import { cookieExpiry } from '../src/cookie-expiry';
import { ArgumentError } from '../src/errors';
import { koaSessionExpiry } from '../src/koa-expiry';
import { padOf, rowLifetimeOf, ttlOf } from '../src/lifetime';

const now = Date.UTC(2030, 0, 1);
const ttl = 1_000;

/** How long a session lives, by its cookie or else by the option `ttl`. */
function lifetimeOf<Session extends object>(
  session: Session,
  ttl: number | ((session: Session) => number),
  now: number,
): number {
  return cookieExpiry.remaining(session, now) ?? ttlOf(session, ttl, now);
}

test('A session lives until its cookie expires.', (t) => {
  t.is(lifetimeOf({ cookie: { expires: new Date(now + 5) } }, ttl, now), 5);
});

test('An expiry that went through JSON counts the same.', (t) => {
  t.is(lifetimeOf({ cookie: { expires: new Date(now + 5).toISOString() } }, ttl, now), 5);
});

test('A past expiry gives a lifetime below zero.', (t) => {
  t.is(lifetimeOf({ cookie: { expires: new Date(now - 5) } }, ttl, now), -5);
});

test('A cookie without an expiry, as plain objects have it, lives for its maxAge.', (t) => {
  t.is(lifetimeOf({ cookie: { maxAge: 7 } }, ttl, now), 7);
});

for (const cookie of [
  undefined,
  null,
  {},
  { expires: null },
  { expires: null, maxAge: null },
  { expires: false as const },
]) {
  test(`A session with the cookie ${JSON.stringify(cookie)} lives for the ttl.`, (t) => {
    t.is(lifetimeOf(cookie === undefined ? {} : { cookie }, ttl, now), ttl);
  });
}

test('A ttl that is a function is asked with the session.', (t) => {
  t.is(
    lifetimeOf({ remember: true }, ({ remember }) => (remember ? 9 : 1), now),
    9,
  );
});

test('A fraction of a millisecond is rounded up, so that nothing ends early.', (t) => {
  t.is(lifetimeOf({ cookie: { maxAge: 0.25 } }, ttl, now), 1);
});

test('The last millisecond of the year 9999 is taken.', (t) => {
  const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
  t.is(lifetimeOf({ cookie: { expires: new Date(last) } }, ttl, now), last - now);
});

for (const [name, session, argument] of [
  ['an expiry that is no date', { cookie: { expires: 'soon' } }, 'session.cookie.expires'],
  [
    'an expiry in the year 10000',
    { cookie: { expires: new Date(Date.UTC(10000, 0, 1)) } },
    'session.cookie.expires',
  ],
  ['a maxAge that is NaN', { cookie: { maxAge: Number.NaN } }, 'session.cookie.maxAge'],
  ['a maxAge without end', { cookie: { maxAge: Number.POSITIVE_INFINITY } }, 'session.cookie.maxAge'],
  ['a maxAge that is a text', { cookie: { maxAge: '60' } }, 'session.cookie.maxAge'],
] as const) {
  test(`${name} is refused by name.`, (t) => {
    t.is(t.throws(() => lifetimeOf(session, ttl, now), { instanceOf: ArgumentError }).argument, argument);
  });
}

test('A session of koa-session lives until its _expire, and without one says nothing.', (t) => {
  t.is(koaSessionExpiry.remaining({ _expire: now + 5, _maxAge: 60 }, now), 5);
  t.is(koaSessionExpiry.remaining({ _session: true }, now), undefined);
});

for (const _expire of ['soon', null, Number.NaN]) {
  test(`An _expire of ${_expire} is refused by name.`, (t) => {
    const error = t.throws(() => koaSessionExpiry.remaining({ _expire }, now), { instanceOf: ArgumentError });
    t.is(error.argument, 'session._expire');
  });
}

for (const wrong of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY]) {
  test(`A ttl function that gives ${wrong} is refused by name.`, (t) => {
    t.is(t.throws(() => lifetimeOf({}, () => wrong, now), { instanceOf: ArgumentError }).argument, 'ttl');
  });
}

for (const [what, session, pad] of [
  ['of a minute', { cookie: { originalMaxAge: 60_000, expires: new Date(now) } }, 600],
  ['of half an hour', { cookie: { originalMaxAge: 1_800_000, expires: new Date(now) } }, 18_000],
  ['of a year', { cookie: { originalMaxAge: 31_536_000_000, expires: new Date(now) } }, 60_000],
  ['of 99 milliseconds', { cookie: { originalMaxAge: 99, expires: new Date(now) } }, 0],
  ['that ends with the browser', { cookie: { originalMaxAge: null, expires: null } }, 50],
  ['without a cookie', {}, 50],
  ['until a certain date', { cookie: { expires: new Date(now + 5_000) } }, 0],
] as const) {
  test(`The row of a session ${what} outlives it by ${pad} ms.`, (t) => {
    t.is(padOf(cookieExpiry.whole(session) ?? 5_000, undefined), pad);
  });
}

test('A row outlives its session by touchAfter where that is given.', (t) => {
  t.is(padOf(60_000, 0), 0);
  t.is(padOf(5_000, 7), 7);
});

test('No row lives beyond the year 9999 for its pad.', (t) => {
  const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
  t.is(rowLifetimeOf(last - now - 5, 5, now), last - now);
  t.is(rowLifetimeOf(last - now - 5, 6, now), last - now - 5);
});
