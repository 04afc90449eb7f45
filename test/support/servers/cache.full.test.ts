import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { startScript } from '../script';
import { cached, cacheFolder, runExclusive } from './cache';
import { testFolder } from './test-helpers';

// The environment of the process names the cache, so only one test can use it at a time.
const cacheTest = test.serial;

// The locks are sockets without a file, which only Linux has.
const lockTest = process.platform === 'linux' ? test : test.skip;

async function emptyCache(t: ExecutionContext): Promise<string> {
  const cache = await testFolder(t);
  process.env.KNEX_MYSQL_SESSION_CACHE = cache;
  return cache;
}

const write = (folder: string) => writeFile(join(folder, 'file'), 'complete');
const fail = () => Promise.reject(new Error('disk full'));

cacheTest('A folder of the cache is filled once.', async (t) => {
  await emptyCache(t);
  const folder = await cached('thing', write);
  t.is(await cached('thing', fail), folder);
});

cacheTest('Two calls at the same time fill a folder once.', async (t) => {
  await emptyCache(t);
  let times = 0;
  const count = async () => {
    times++;
  };
  await Promise.all([cached('thing', count), cached('thing', count)]);
  t.is(times, 1);
});

cacheTest('A folder that another process fills first is used.', async (t) => {
  const cache = await emptyCache(t);
  const folder = await cached('thing', async (unfinished) => {
    await write(unfinished);
    await mkdir(join(cache, 'thing'));
    await writeFile(join(cache, 'thing', 'theirs'), '');
  });
  t.deepEqual(await readdir(folder), ['theirs']);
});

cacheTest('A failed fill leaves nothing and can be repeated.', async (t) => {
  const cache = await emptyCache(t);
  const writeAndFail = async (folder: string) => {
    await write(folder);
    await fail();
  };
  await t.throwsAsync(cached('thing', writeAndFail), { message: 'disk full' });
  t.deepEqual(await readdir(cache), []);
  t.deepEqual(await readdir(await cached('thing', write)), ['file']);
});

cacheTest('Unfinished folders of killed processes are removed when they are old.', async (t) => {
  const cache = await emptyCache(t);
  const [old, recent] = [24, 0.5].map(
    (hours) => `.unfinished-${Date.now() - hours * 60 * 60 * 1000}-a`,
  );
  for (const name of [old, recent]) await mkdir(join(cache, String(name)));
  await cached('thing', write);
  t.deepEqual((await readdir(cache)).sort(), [recent, 'thing']);
});

cacheTest('A folder that is being filled remains, even if its files are old.', async (t) => {
  const cache = await emptyCache(t);
  const yesterday = Date.now() / 1000 - 24 * 60 * 60;
  const folder = await cached('thing', async (unfinished) => {
    await write(unfinished);
    await utimes(unfinished, yesterday, yesterday);
    await cached('other', write);
  });
  t.deepEqual((await readdir(cache)).sort(), ['other', 'thing']);
  t.deepEqual(await readdir(folder), ['file']);
});

test('KNEX_MYSQL_SESSION_CACHE names the cache.', (t) => {
  t.is(cacheFolder({ KNEX_MYSQL_SESSION_CACHE: '/somewhere' }), '/somewhere');
});

lockTest('Tasks with the same name run one at a time.', async (t) => {
  const name = randomUUID();
  const log: string[] = [];
  const task = (label: string) => async () => {
    log.push(`${label} begins`);
    await sleep(50);
    log.push(`${label} ends`);
  };
  await Promise.all(['a', 'b', 'c'].map((label) => runExclusive(name, task(label))));
  const order = log.filter((line) => line.endsWith('begins')).map((line) => line[0]);
  t.deepEqual([...order].sort(), ['a', 'b', 'c']);
  t.deepEqual(
    log,
    order.flatMap((label) => [`${label} begins`, `${label} ends`]),
  );
});

lockTest('Tasks with different names do not wait.', async (t) => {
  const inner = () => runExclusive(randomUUID(), async () => 'done');
  t.is(await runExclusive(randomUUID(), inner), 'done');
});

lockTest('A failed task releases the lock.', async (t) => {
  const name = randomUUID();
  await t.throwsAsync(runExclusive(name, fail), { message: 'disk full' });
  t.is(await runExclusive(name, async () => 'done'), 'done');
});

lockTest('A task waits for another process until that is killed.', async (t) => {
  const name = randomUUID();
  const kill = await lockInAnotherProcess(t, name);
  const task = runExclusive(name, async () => 'done');
  t.is(await Promise.race([task, sleep(200, 'waiting')]), 'waiting');
  kill();
  t.is(await task, 'done');
});

/** Starts a process that holds a lock. Returns a function that kills it. */
async function lockInAnotherProcess(t: ExecutionContext, name: string): Promise<() => boolean> {
  const child = startScript(
    `require('./test/support/servers/cache').runExclusive(process.argv[1], () => {
      console.log('locked');
      return new Promise((resolve) => setTimeout(resolve, 60_000));
    });`,
    { args: [name] },
  );
  const kill = () => child.kill('SIGKILL');
  t.teardown(kill);
  await once(child.stdout, 'data');
  return kill;
}
