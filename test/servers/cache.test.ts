import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { cached, cacheFolder } from './cache';
import { testFolder } from './helpers/folder';

// The cache is the process's, so one test has it at a time.
const cacheTest = test.serial;

async function emptyCache(t: ExecutionContext): Promise<string> {
  const cache = await testFolder(t);
  process.env.KNEX_MYSQL_SESSION_CACHE = cache;
  return cache;
}

const write = (folder: string) => writeFile(join(folder, 'file'), 'whole');

cacheTest('a folder of the cache is made once', async (t) => {
  await emptyCache(t);
  const folder = await cached('thing', write);
  t.is(await cached('thing', () => Promise.reject(new Error('made again'))), folder);
});

cacheTest('a folder that is asked for twice at once is made once', async (t) => {
  await emptyCache(t);
  let times = 0;
  const count = async () => {
    times++;
  };
  await Promise.all([cached('thing', count), cached('thing', count)]);
  t.is(times, 1);
});

cacheTest('a folder that another process makes meanwhile is used as it is', async (t) => {
  const cache = await emptyCache(t);
  const folder = await cached('thing', async (workshop) => {
    await write(workshop);
    await mkdir(join(cache, 'thing'));
    await writeFile(join(cache, 'thing', 'theirs'), '');
  });
  t.deepEqual(await readdir(folder), ['theirs']);
});

cacheTest('a folder that could not be made leaves nothing', async (t) => {
  const cache = await emptyCache(t);
  const fail = async (folder: string) => {
    await write(folder);
    throw new Error('disk full');
  };
  await t.throwsAsync(cached('thing', fail), { message: 'disk full' });
  t.deepEqual(await readdir(cache), []);
});

cacheTest('a folder that could not be made can be made later', async (t) => {
  await emptyCache(t);
  await t.throwsAsync(cached('thing', () => Promise.reject(new Error('disk full'))));
  t.deepEqual(await readdir(await cached('thing', write)), ['file']);
});

cacheTest('what a killed process left unfinished is swept when it is old', async (t) => {
  const cache = await emptyCache(t);
  const [old, recent] = [24, 0.5].map((hours) => `.unfinished-${Date.now() - hours * 60 * 60 * 1000}-a`);
  for (const name of [old, recent]) await mkdir(join(cache, String(name)));
  await cached('thing', write);
  t.deepEqual((await readdir(cache)).sort(), [recent, 'thing']);
});

cacheTest('what is being made is left alone, however old the files that it unpacks', async (t) => {
  const cache = await emptyCache(t);
  const yesterday = Date.now() / 1000 - 24 * 60 * 60;
  const folder = await cached('thing', async (workshop) => {
    await write(workshop);
    await utimes(workshop, yesterday, yesterday);
    await cached('other', write);
  });
  t.deepEqual((await readdir(cache)).sort(), ['other', 'thing']);
  t.deepEqual(await readdir(folder), ['file']);
});

test('the cache is where KNEX_MYSQL_SESSION_CACHE tells', (t) => {
  t.is(cacheFolder({ KNEX_MYSQL_SESSION_CACHE: '/somewhere' }), '/somewhere');
});
