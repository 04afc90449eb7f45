import test from 'ava';
import { doctor } from '../../../src/install';
import { createInstallation, type TestInstallation } from '../installation';
import { breaking, findingsOf, foundAndMended } from './remedies';

/** Makes a routine again, under other circumstances or with another text. */
async function remake(
  { query }: TestInstallation,
  name: string,
  change: (create: string) => string,
): Promise<void> {
  const [row] = await query(`SHOW CREATE PROCEDURE ${name}`);
  await query(`DROP PROCEDURE ${name}`);
  await query(change(String(row?.[2])));
}

breaking(
  'A routine that is gone',
  ({ query }) => query('DROP PROCEDURE sess_length'),
  () => ['routines: routine sess_length: nothing'],
);

breaking(
  'A routine that runs with the rights of its caller',
  ({ query }) => query('ALTER PROCEDURE sess_get SQL SECURITY INVOKER'),
  () => ['routines: routine sess_get: SQL SECURITY INVOKER'],
);

breaking(
  'A routine with another manual',
  ({ query }) => query("ALTER PROCEDURE sess_get COMMENT 'Reads a session from `sessions`.'"),
  () => ['routines: routine sess_get: another manual'],
);

test.serial('A routine with another text is found, and the remedy mends it with its grants.', async (t) => {
  const installation = await createInstallation(t, ['application']);
  await remake(installation, 'sess_destroy', (create) => create.replace('DELETE FROM', 'DELETE IGNORE FROM'));
  const before = findingsOf(await doctor({ connection: installation.url }));
  t.regex(before.join('\n'), /^routines: routine sess_destroy: another text/m);
  await foundAndMended(t, installation, before);
});

test.serial('A routine with another parameter is found.', async (t) => {
  const installation = await createInstallation(t, []);
  await remake(installation, 'sess_destroy', (create) => create.replace('LONGBLOB', 'BLOB'));
  const found = findingsOf(await doctor({ connection: installation.url }));
  t.regex(found.join('\n'), /^routines: routine sess_destroy: another text/m);
});

test.serial('A routine that was made in another sql_mode is found.', async (t) => {
  const installation = await createInstallation(t, []);
  await remake(installation, 'sess_destroy', (create) => create);
  const found = findingsOf(await doctor({ connection: installation.url }));
  t.regex(found.join('\n'), /^routines: routine sess_destroy: sql_mode [A-Z_,]+/m);
});

test.serial('A routine that runs as another account is found.', async (t) => {
  const installation = await createInstallation(t, []);
  await remake(installation, 'sess_destroy', (create) => create.replace(/DEFINER=\S+/, ''));
  const [row] = await installation.query('SELECT CURRENT_USER()');
  const found = findingsOf(await doctor({ connection: installation.url }));
  t.true(found.some((line) => line.endsWith(`definer ${row?.[0]}`)));
});

test.serial('A routine that no longer says whose it is is made again.', async (t) => {
  const installation = await createInstallation(t, ['application']);
  await installation.query("ALTER PROCEDURE sess_get COMMENT 'mine'");
  await foundAndMended(t, installation, findingsOf(await doctor({ connection: installation.url })));
});
