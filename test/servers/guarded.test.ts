import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { soon } from './helpers/soon';
import { commands } from './helpers/traces';

test('a guarded command gives its exit code', async (t) => {
  const parent = start(t, ['sh', '-c', 'exit 3']);
  t.deepEqual(await once(parent, 'exit'), [3, null]);
});

test('nothing is left of a guarded command when its parent is killed', async (t) => {
  const { parent, traces } = await sleeping(t);
  parent.kill('SIGKILL');
  t.true(await soon(() => traces().length === 0));
});

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} ends a guarded command, and its exit code tells`, async (t) => {
    const { parent, traces } = await sleeping(t);
    parent.kill(signal);
    t.deepEqual(await once(parent, 'exit'), [code, null]);
    t.true(await soon(() => traces().length === 0));
  });
}

function start(t: ExecutionContext, command: string[]): ChildProcess {
  const program = ['--require', 'ts-node/register', join(__dirname, 'helpers/guarded-child.ts')];
  const parent = spawn(process.execPath, [...program, ...command], { stdio: 'inherit' });
  t.teardown(() => parent.kill('SIGKILL'));
  return parent;
}

/** A guarded command that is known by its arguments, and takes long. */
async function sleeping(t: ExecutionContext) {
  const seconds = `${randomInt(1e6, 1e7)}.5`;
  const parent = start(t, ['sleep', seconds]);
  // Its parent and its watcher have the argument too, but not at the beginning.
  const running = () => commands().some((command) => command.startsWith(`sleep\0${seconds}`));
  t.true(await soon(running));
  return { parent, traces: () => commands().filter((command) => command.includes(seconds)) };
}
