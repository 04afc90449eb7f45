import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { load } from 'js-yaml';
import { serverNames } from '../support/servers';

const root = join(__dirname, '../..');
const workflows = readdirSync(join(root, '.github/workflows'));

interface Workflow {
  readonly jobs: Record<
    string,
    { readonly strategy?: { readonly matrix: Record<string, readonly unknown[]> } }
  >;
}

for (const workflow of workflows) {
  test(`The workflow ${workflow} is valid.`, async (t) => {
    const validator = join(root, 'node_modules/.bin/action-validator');
    const check = promisify(execFile)(validator, [join('.github/workflows', workflow)], {
      cwd: root,
    });
    await t.notThrowsAsync(check.catch(({ stdout }) => Promise.reject(new Error(stdout))));
  });
}

test('The tests run on each server and each version of Node.js.', (t) => {
  const { jobs } = load(readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8')) as Workflow;
  const { server = [], node } = jobs.test?.strategy?.matrix ?? {};
  t.deepEqual(server.toSorted(), serverNames.toSorted());
  t.deepEqual(node, [20, 22, 24]);
});
