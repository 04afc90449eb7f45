import test from 'ava';
import { documentOf, findHardPages } from './prose';
import { readingEase } from './reading-ease';

const easy = 'The cat sat on the mat.';
const hard =
  'Administrative authentication configuration necessitates organizational deliberation.';

for (const [sentence, expected] of [
  [easy, 116.1],
  ['The `sess_get_many` cat sat on [the](https://example.com/administration) mat.', 116.1],
  ['The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.', 24.4],
] as const) {
  test(`The reading ease is ${expected} for: ${sentence}`, (t) => {
    t.is(readingEase([sentence]).toFixed(1), expected.toFixed(1));
  });
}

test('A sentence of code alone does not count.', (t) => {
  t.is(readingEase([easy, '`a` `b` `c`']), readingEase([easy]));
});

test('Only a page that is hard to read is a finding.', (t) => {
  const pages = [easy, hard].flatMap((text, index) => documentOf(`docs/${index}.md`, text) ?? []);
  t.like(findHardPages(pages), [{ place: 'docs/1.md' }]);
});
