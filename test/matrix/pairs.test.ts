import test from 'ava';
import { allPairs } from './pairs';

const axes = { letter: ['a', 'b', 'c'], digit: [1, 2, 3, 4], way: [true, false] };

function pairsOf(combinations: readonly Record<string, unknown>[]): Set<string> {
  const pairs = combinations.flatMap(({ letter, digit, way }) => [
    `${letter}${digit}`,
    `${letter}${way}`,
    `${digit}${way}`,
  ]);
  return new Set(pairs);
}

test('Every value of an axis meets every value of every other.', (t) => {
  t.is(pairsOf(allPairs(axes)).size, 3 * 4 + 3 * 2 + 4 * 2);
});

test('All pairs take fewer combinations than there are.', (t) => {
  t.true(allPairs(axes).length < 3 * 4 * 2);
});
