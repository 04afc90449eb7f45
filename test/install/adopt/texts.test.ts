import test, { type ExecutionContext } from 'ava';
import { adopt } from '../../../src/install';
import { session } from '../../store';
import { createInstallation, ids, type TestInstallation } from '../installation';
import { type OldStore, openExpressMysqlSession, put, putRow } from './old-stores';

// express-mysql-session keeps its data as text, which may be anything.
async function createOld(t: ExecutionContext): Promise<TestInstallation & { readonly old: OldStore }> {
  const installation = await createInstallation(t);
  const old = await openExpressMysqlSession(t, installation);
  await put(old.store, 'fine', session('x'));
  return { ...installation, old };
}

const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;

const refused: Array<[what: string, data: string | null, reason: string]> = [
  ['is not JSON', 'a:1:{s:4:"user";s:3:"zoe";}', 'its data is not JSON'],
  ['is empty', '', 'its data is not JSON'],
  ['is missing', null, 'it has no data'],
  ['is a list', '[]', 'its data is JSON, but no object'],
  ['is the word null', 'null', 'its data is JSON, but no object'],
  ['holds half of a surrogate pair', '{"a":"\\ud83d"}', 'its data holds half of a surrogate pair'],
  ['nests too deep', nested(101), 'its data nests 101 levels deep, more than this server takes'],
];
for (const [what, data, reason] of refused) {
  test.serial(`Data that ${what} is named, and stops no other.`, async (t) => {
    const installation = await createOld(t);
    await putRow(installation, installation.old, 'a-session-id-of-20-ch', data);
    const { adopted, refusals } = await adopt({ connection: installation.url }, 'old_sessions');
    t.is(adopted, 1);
    t.deepEqual(refusals, [{ sid: 'a-ses… (21 characters)', reason }]);
    t.deepEqual(await ids(installation), ['fine']);
  });
}

test.serial('Data that is expired is not looked at, whatever it is.', async (t) => {
  const installation = await createOld(t);
  await putRow(installation, installation.old, 'old', '{', -2);
  t.like(await adopt({ connection: installation.url }, 'old_sessions'), { expired: 1, refused: 0 });
});

test.serial('Data that nests as deep as every server takes comes over.', async (t) => {
  const installation = await createOld(t);
  await putRow(installation, installation.old, 'deep', nested(31));
  t.like(await adopt({ connection: installation.url }, 'old_sessions'), { adopted: 2, refused: 0 });
});

test.serial('Data that the server refuses only as it is written stops no other.', async (t) => {
  const installation = await createOld(t);
  // MySQL finds it valid, and takes no key of over 65,535 bytes; MariaDB takes it.
  await putRow(installation, installation.old, 'long', `{"${'k'.repeat(70_000)}":1}`);
  const {
    rows,
    adopted,
    refused: count,
    refusals,
  } = await adopt({ connection: installation.url }, 'old_sessions');
  t.is(rows, 2);
  t.deepEqual(await ids(installation), ['fine', 'long'].slice(0, adopted));
  t.is(adopted + count, 2);
  t.is(refusals.length, count);
});

test.serial('An empty id is named.', async (t) => {
  const installation = await createOld(t);
  await putRow(installation, installation.old, '', '{}');
  const { refusals } = await adopt({ connection: installation.url }, 'old_sessions');
  t.deepEqual(refusals, [
    { sid: '… (0 characters)', reason: 'its id is not made of 1 to 255 visible ASCII characters' },
  ]);
});

test.serial('Data in another character set comes over as it reads.', async (t) => {
  const installation = await createOld(t);
  const { query, url } = installation;
  await query('ALTER TABLE old_sessions CONVERT TO CHARACTER SET latin1');
  await putRow(installation, installation.old, 'latin', '{"name":"Zoë"}');
  await adopt({ connection: url }, 'old_sessions');
  t.deepEqual(
    await query("SELECT JSON_UNQUOTE(JSON_EXTRACT(sess, '$.name')) FROM sessions WHERE sid = 'latin'"),
    [['Zoë']],
  );
});
