import test from 'ava';
import { doctor } from '../../../src/install';
import { createInstallation, type TestInstallation } from '../installation';
import { assertFoundAndFixed, formatFindings, testRemedy } from './remedies';

/** Recreates a routine with changed SQL, in the session of the test. */
async function recreate(
  { query }: TestInstallation,
  name: string,
  change: (create: string) => string,
): Promise<void> {
  const [row] = await query(`SHOW CREATE PROCEDURE ${name}`);
  await query(`DROP PROCEDURE ${name}`);
  await query(change(String(row?.[2])));
}

testRemedy(
  'A missing routine',
  ({ query }) => query('DROP PROCEDURE sess_length'),
  () => ['routines: routine sess_length: missing'],
);

testRemedy(
  'A routine that runs with the privileges of its caller',
  ({ query }) => query('ALTER PROCEDURE sess_get SQL SECURITY INVOKER'),
  () => ['routines: routine sess_get: SQL SECURITY INVOKER'],
);

testRemedy(
  'A routine with a different comment',
  ({ query }) =>
    query("ALTER PROCEDURE sess_get COMMENT 'Reads a session.\nknex-mysql-session:sessions'"),
  () => ['routines: routine sess_get: different comment'],
);

test.serial(
  'A routine with a different body is found, and the remedy fixes it and its grants.',
  async (t) => {
    const installation = await createInstallation(t, ['application']);
    await recreate(installation, 'sess_destroy', (create) =>
      create.replace('DELETE FROM', 'DELETE IGNORE FROM'),
    );
    const before = formatFindings(await doctor({ connection: installation.url }));
    t.regex(before.join('\n'), /^routines: routine sess_destroy: different body/m);
    await assertFoundAndFixed(t, installation, before);
  },
);

test.serial('A routine with a different parameter is found.', async (t) => {
  const installation = await createInstallation(t, []);
  await recreate(installation, 'sess_destroy', (create) => create.replace('LONGBLOB', 'BLOB'));
  const found = formatFindings(await doctor({ connection: installation.url }));
  t.regex(found.join('\n'), /^routines: routine sess_destroy: different parameters/m);
});

test.serial('A routine that was created in a different sql_mode is found.', async (t) => {
  const installation = await createInstallation(t, []);
  await recreate(installation, 'sess_destroy', (create) => create);
  const found = formatFindings(await doctor({ connection: installation.url }));
  t.regex(found.join('\n'), /^routines: routine sess_destroy: sql_mode [A-Z_,]+/m);
});

test.serial('A routine with a different definer is found.', async (t) => {
  const installation = await createInstallation(t, []);
  await recreate(installation, 'sess_destroy', (create) => create.replace(/DEFINER=\S+/, ''));
  const [row] = await installation.query('SELECT CURRENT_USER()');
  const account = String(row?.[0]).replace('@', "'@'");
  const found = formatFindings(await doctor({ connection: installation.url }));
  t.true(found.includes(`routines: routine sess_destroy: definer '${account}'`), found.join());
});

test.serial('A routine without the comment of the installation is recreated.', async (t) => {
  const installation = await createInstallation(t, ['application']);
  await installation.query("ALTER PROCEDURE sess_get COMMENT 'mine'");
  await assertFoundAndFixed(
    t,
    installation,
    formatFindings(await doctor({ connection: installation.url })),
  );
});
