import test from 'ava';
import { allPairs } from './all-pairs';

const axes = { letter: ['a', 'b', 'c'], digit: [1, 2, 3, 4], flag: [true, false] };

function pairsOf(combinations: readonly Record<string, unknown>[]): Set<string> {
  const pairs = combinations.flatMap(({ letter, digit, flag }) => [
    `${letter}${digit}`,
    `${letter}${flag}`,
    `${digit}${flag}`,
  ]);
  return new Set(pairs);
}

test('The combinations contain each pair of values of two axes.', (t) => {
  t.is(pairsOf(allPairs(axes)).size, 3 * 4 + 3 * 2 + 4 * 2);
});

test('All pairs need fewer combinations than the full product.', (t) => {
  t.true(allPairs(axes).length < 3 * 4 * 2);
});
