import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { bootServer } from '.';
import { testFolder } from './helpers/folder';
import { bare, debianTest, local } from './helpers/local';
import { query } from './helpers/traces';

debianTest("without an installed server one is unpacked from Debian's packages, once", async (t) => {
  const cache = join(await testFolder(t), 'cache');
  process.env.KNEX_MYSQL_SESSION_CACHE = cache;

  const first = await bootServer({ machine: { ...bare, aptGet: local.aptGet } }).catch(
    (error: Error) => error,
  );
  if (first instanceof Error) return offline(t, first);
  t.teardown(first.stop);
  t.deepEqual(await query(first.url, 'SELECT 1 AS one'), [{ one: 1 }]);

  const doingNothing = 'true';
  const second = await bootServer({ machine: { ...bare, aptGet: doingNothing } });
  t.teardown(second.stop);
  t.deepEqual(await query(second.url, 'SELECT 1 AS one'), [{ one: 1 }], 'apt-get has nothing to do any more');

  const unfinished = (await readdir(cache)).filter((name) => name.startsWith('.'));
  t.deepEqual(unfinished, []);
});

/** A machine that reaches no mirror can't have this test, which is no fault of the code. */
function offline(t: ExecutionContext, error: Error): void {
  t.log(error.message);
  t.regex(error.message, /Failed to fetch|Could not resolve|Could not connect|Temporary failure/);
}
