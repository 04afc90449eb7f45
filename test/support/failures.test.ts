import test from 'ava';
import { failuresIn } from './failures';

const output = `
  ✔ sql › get › A session is read. (20ms)
  ✘ [fail]: sql › get › A missing session has no row.
  ✔ sql › set › A session is saved.
  ✘ sql/gc.test.ts exited due to SIGKILL
  ─

  sql › get › A missing session has no row.

  Difference (- actual, + expected):

  - 1
  + 0

  ─

  1 test failed
`;

test('The failures of a run are its failed tests and files, and then the reasons.', (t) => {
  const lines = failuresIn(output).split('\n');
  t.deepEqual(lines.slice(0, 2), [
    '  ✘ [fail]: sql › get › A missing session has no row.',
    '  ✘ sql/gc.test.ts exited due to SIGKILL',
  ]);
  t.true(lines.includes('  + 0'));
  t.is(lines.at(-1), '  1 test failed');
  t.notRegex(lines.join('\n'), /✔/);
});

test('Of many failures, the first are shown, and the number of the others.', (t) => {
  const lines = failuresIn('  ✘ [fail]: a\n'.repeat(150)).split('\n');
  t.is(lines.length, 101);
  t.is(lines.at(-1), '  51 more lines');
});
