import test from 'ava';
import { DatabaseError } from '../../src/errors';
import { createInstallation, ids, writeSession } from '../install/installation';

const writers = [
  ['sess_set', "CALL sess_set(?, '{}', 60000)"],
  ['sess_update', "CALL sess_update(?, '{}', 60000)"],
  ['sess_merge', "CALL sess_merge(?, '[]', '[]', 60000)"],
  ['sess_touch', 'CALL sess_touch(?, 60000)'],
  ['sess_destroy', 'CALL sess_destroy(?)'],
] as const;

const badIds = ['', ' ', 'a ', ' a', 'a b', 'a\t', 'a\n', 'a\0', 'a\x7f'];

for (const [routine, call] of writers) {
  test(`${routine} refuses an id with other than visible ASCII characters, and writes nothing.`, async (t) => {
    const installation = await createInstallation(t);
    await writeSession(installation, 'a', 60);
    for (const sid of badIds) {
      await t.throwsAsync(
        installation.ask(call, [sid]),
        {
          instanceOf: DatabaseError,
          message: `\`${routine}\`: p_sid must be 1 to 255 visible ASCII characters`,
        },
        JSON.stringify(sid),
      );
    }
    t.deepEqual(await ids(installation), ['a']);
  });

  test(`${routine} refuses the id NULL.`, async (t) => {
    const { ask } = await createInstallation(t);
    await t.throwsAsync(ask(call, [null]), { instanceOf: DatabaseError, message: /p_sid/ });
  });

  test(`${routine} refuses an id of 256 characters.`, async (t) => {
    const { ask } = await createInstallation(t);
    await t.throwsAsync(ask(call, ['a'.repeat(256)]), {
      instanceOf: DatabaseError,
      message: /p_sid/,
    });
  });
}

test('An id may have 255 characters, and every visible ASCII character.', async (t) => {
  const installation = await createInstallation(t);
  const visible = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => index + 0x21));
  const sid = visible.padEnd(255, 'x');
  await installation.ask("CALL sess_set(?, '{}', 60000)", [Buffer.from(sid)]);
  t.is((await installation.ask('CALL sess_get(?)', [Buffer.from(sid)])).length, 1);
  t.deepEqual(await ids(installation), [sid]);
});

test('An id with a trailing blank does not match the id without it.', async (t) => {
  const installation = await createInstallation(t);
  await writeSession(installation, 'a', 60);
  t.deepEqual(await installation.ask("CALL sess_get('a ')"), []);
});

test('Ids that differ in letter case are different sessions.', async (t) => {
  const { ask } = await createInstallation(t);
  await ask('CALL sess_set(\'a\', \'{"who":"a"}\', 60000)');
  await ask('CALL sess_set(\'A\', \'{"who":"A"}\', 60000)');
  const [row] = await ask("CALL sess_get('a')");
  t.deepEqual(JSON.parse(String(row?.[0])), { who: 'a' });
  await ask("CALL sess_destroy('A')");
  t.is((await ask("CALL sess_get('a')")).length, 1);
});

for (const [routine, call] of writers) {
  test(`${routine} refuses an id with other letters by the same error.`, async (t) => {
    const installation = await createInstallation(t);
    for (const sid of ['?', 'a?', 'a??', 'a']) await writeSession(installation, sid, 60);
    for (const sid of ['ä', 'aä', 'a😀', 'a\xff']) {
      await t.throwsAsync(installation.ask(call, [Buffer.from(sid)]), {
        instanceOf: DatabaseError,
        message: `\`${routine}\`: p_sid must be 1 to 255 visible ASCII characters`,
      });
    }
    t.deepEqual(await installation.ask('CALL sess_get(?)', [Buffer.from('aä')]), []);
    t.deepEqual(await ids(installation), ['?', 'a', 'a?', 'a??']);
  });
}
