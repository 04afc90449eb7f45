import test from 'ava';
import { SharedScope } from '../support/scope';
import { type Example, startExample } from './helpers/example';
import { behaviors, examples } from './helpers/frameworks';

const scope = new SharedScope();
const running = new Map<string, Example>();

test.before(async () => {
  for (const [framework, file] of Object.entries(examples)) {
    running.set(framework, await startExample(scope, file));
  }
});

test.after.always(() => scope.end());

for (const framework of Object.keys(examples)) {
  for (const [title, behave] of Object.entries(behaviors)) {
    test.serial(`With ${framework}, ${title}.`, async (t) => {
      const example = running.get(framework);
      return example ? behave(t, example) : t.fail('The example did not start.');
    });
  }
}
