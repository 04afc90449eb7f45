import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { inTurn } from './turn';

// Turns are taken at a socket without a file, which is Linux's alone; and only there are Debian's packages fetched.
const linuxTest = process.platform === 'linux' ? test : test.skip;

/** Another process, whose turn it is, until it is killed. */
async function anotherAtIt(t: ExecutionContext, name: string): Promise<() => boolean> {
  const program = ['--require', 'ts-node/register', join(__dirname, 'helpers/turn-taker.ts'), name];
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = () => child.kill('SIGKILL');
  t.teardown(kill);
  await once(child.stdout, 'data');
  return kill;
}

linuxTest('those who do the same do it one after the other', async (t) => {
  const name = randomUUID();
  const log: string[] = [];
  const step = async (who: string) => {
    log.push(`${who} begins`);
    await sleep(50);
    log.push(`${who} ends`);
  };
  await Promise.all(['a', 'b', 'c'].map((who) => inTurn(name, () => step(who))));
  const [first, second, third] = log.filter((line) => line.endsWith('begins')).map((line) => line[0]);
  t.deepEqual(
    log,
    [first, second, third].flatMap((who) => [`${who} begins`, `${who} ends`]),
  );
});

linuxTest('those who do something else do not wait', async (t) => {
  t.is(await inTurn(randomUUID(), () => inTurn(randomUUID(), async () => 'done')), 'done');
});

linuxTest('whoever fails ends the turn', async (t) => {
  const name = randomUUID();
  await t.throwsAsync(
    inTurn(name, () => Promise.reject(new Error('disk full'))),
    { message: 'disk full' },
  );
  t.is(await inTurn(name, async () => 'done'), 'done');
});

linuxTest('another process is waited for', async (t) => {
  const name = randomUUID();
  const kill = await anotherAtIt(t, name);
  const mine = inTurn(name, async () => 'done');
  t.is(await Promise.race([mine, sleep(200, 'waiting')]), 'waiting');
  kill();
  await mine;
});

linuxTest('a process that is killed ends its turn', async (t) => {
  const name = randomUUID();
  const kill = await anotherAtIt(t, name);
  kill();
  t.is(await inTurn(name, async () => 'done'), 'done');
});
