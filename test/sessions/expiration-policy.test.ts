import test from 'ava';
import { ArgumentError } from '../../src/errors';
import {
  addGracePeriod,
  gracePeriodFor,
  parseLifetime,
  resolveTtl,
} from '../../src/sessions/expiration-policy';

const now = Date.UTC(2030, 0, 1);
const endOf9999 = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

test('The option ttl can be a number.', (t) => {
  t.is(resolveTtl({}, 1_000, now), 1_000);
});

test('A ttl function gets the session.', (t) => {
  const ttl = ({ remember }: { remember: boolean }) => (remember ? 9 : 1);
  t.is(resolveTtl({ remember: true }, ttl, now), 9);
});

test('A lifetime is rounded up: a part of a millisecond is still to live.', (t) => {
  t.is(resolveTtl({}, 0.2, now), 1);
  t.is(parseLifetime('ttl', 1.2, now), 2);
});

for (const lifetime of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY]) {
  test(`The error for a ttl function that returns ${lifetime} names ttl.`, (t) => {
    const error = t.throws(() => resolveTtl({}, () => lifetime, now), {
      instanceOf: ArgumentError,
    });
    t.is(error.argument, 'ttl');
  });
}

for (const [lifetime, gracePeriod] of [
  [60_000, 600],
  [1_800_000, 18_000],
  [31_536_000_000, 60_000],
  [99, 0],
  [0, 0],
  [-1_000, 0],
] as const) {
  test(`The default grace period of a session of ${lifetime} ms is ${gracePeriod} ms.`, (t) => {
    t.is(gracePeriodFor(lifetime, undefined), gracePeriod);
  });
}

for (const touchAfter of [0, 7]) {
  test(`With touchAfter ${touchAfter}, the grace period is ${touchAfter} ms.`, (t) => {
    t.is(gracePeriodFor(60_000, touchAfter), touchAfter);
  });
}

test('A row lives longer than its session by the grace period.', (t) => {
  t.is(addGracePeriod(1_000, 4.2, now), 1_005);
});

test('With its grace period, a row can end in the last millisecond of the year 9999.', (t) => {
  t.is(addGracePeriod(endOf9999 - now - 5, 5, now), endOf9999 - now);
});

test('A row gets no grace period that ends after the year 9999.', (t) => {
  t.is(addGracePeriod(endOf9999 - now - 5, 6, now), endOf9999 - now - 5);
});
