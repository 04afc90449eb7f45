import test, { type ExecutionContext } from 'ava';
import { adopt } from '../../../src/install';
import { session } from '../../support/store';
import { createInstallation, ids, type TestInstallation } from '../installation';
import { insertRow, type OldStore, openExpressMysqlSession, saveSession } from './old-stores';

// express-mysql-session stores its data as text, so any text is possible.
async function createWithOldStore(
  t: ExecutionContext,
): Promise<TestInstallation & { readonly old: OldStore }> {
  const installation = await createInstallation(t);
  const old = await openExpressMysqlSession(t, installation);
  await saveSession(old.store, 'fine', session('x'));
  return { ...installation, old };
}

const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;

const refused: Array<[what: string, data: string | null, reason: string]> = [
  ['is not JSON', 'a:1:{s:4:"user";s:3:"zoe";}', 'its data is not JSON'],
  ['is empty', '', 'its data is not JSON'],
  ['is missing', null, 'it has no data'],
  ['is a list', '[]', 'its data is JSON, but not an object'],
  ['is the word null', 'null', 'its data is JSON, but not an object'],
  [
    'contains half of a surrogate pair',
    '{"a":"\\ud83d"}',
    'its data contains half of a surrogate pair',
  ],
  [
    'is nested too deep',
    nested(101),
    'its data is nested 101 levels deep, more than this server accepts',
  ],
];
for (const [what, data, reason] of refused) {
  test.serial(`Data that ${what} is refused, and other sessions are adopted.`, async (t) => {
    const installation = await createWithOldStore(t);
    await insertRow(installation, installation.old, 'a-session-id-of-20-ch', data);
    const { adopted, refusals } = await adopt({ connection: installation.url }, 'old_sessions');
    t.is(adopted, 1);
    t.deepEqual(refusals, [{ sid: 'a-ses… (21 characters)', reason }]);
    t.deepEqual(await ids(installation), ['fine']);
  });
}

test.serial('An expired session counts as expired, even if its data is not JSON.', async (t) => {
  const installation = await createWithOldStore(t);
  await insertRow(installation, installation.old, 'old', '{', -2);
  t.like(await adopt({ connection: installation.url }, 'old_sessions'), { expired: 1, refused: 0 });
});

test.serial('Data is adopted if it is nested as deep as every server accepts.', async (t) => {
  const installation = await createWithOldStore(t);
  await insertRow(installation, installation.old, 'deep', nested(31));
  t.like(await adopt({ connection: installation.url }, 'old_sessions'), { adopted: 2, refused: 0 });
});

test.serial(
  'If the server refuses data only when it is written, other sessions are adopted.',
  async (t) => {
    const installation = await createWithOldStore(t);
    // MySQL finds this JSON valid, but can't store a key of more than 65,535 bytes. MariaDB can.
    await insertRow(installation, installation.old, 'long', `{"${'k'.repeat(70_000)}":1}`);
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
  },
);

test.serial('An empty id is refused.', async (t) => {
  const installation = await createWithOldStore(t);
  await insertRow(installation, installation.old, '', '{}');
  const { refusals } = await adopt({ connection: installation.url }, 'old_sessions');
  t.deepEqual(refusals, [
    { sid: '… (0 characters)', reason: 'its id is not 1 to 255 visible ASCII characters' },
  ]);
});

test.serial('Data in another character set keeps its characters.', async (t) => {
  const installation = await createWithOldStore(t);
  const { query, url } = installation;
  await query('ALTER TABLE old_sessions CONVERT TO CHARACTER SET latin1');
  await insertRow(installation, installation.old, 'latin', '{"name":"Zoë"}');
  await adopt({ connection: url }, 'old_sessions');
  t.deepEqual(
    await query(
      "SELECT JSON_UNQUOTE(JSON_EXTRACT(sess, '$.name')) FROM sessions WHERE sid = 'latin'",
    ),
    [['Zoë']],
  );
});
