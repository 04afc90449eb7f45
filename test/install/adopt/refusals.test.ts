import test from 'ava';
import { session } from '../../support/store';
import { createMove, insertRow, saveSession, testedStores } from './old-stores';

for (const [kind, open] of testedStores) {
  for (const [what, sid] of [
    ['with a blank', 'an id'],
    ['with a character that is not ASCII', 'ïd'],
    ['with a control character', 'a\tb'],
  ] as const) {
    test.serial(`${kind}: an id ${what} is refused, and other sessions are adopted.`, async (t) => {
      const move = await createMove(t, open);
      await saveSession(move.old.store, 'fine', session('x'));
      await insertRow(move, move.old, sid, '{}');
      const { adopted, refused, refusals } = await move.run();
      t.deepEqual({ adopted, refused }, { adopted: 1, refused: 1 });
      t.is(refusals[0]?.reason, 'its id is not 1 to 255 visible ASCII characters');
    });
  }

  test.serial(
    `${kind}: JSON that is not an object is refused, and other sessions are adopted.`,
    async (t) => {
      const move = await createMove(t, open);
      await saveSession(move.old.store, 'fine', session('x'));
      await insertRow(move, move.old, 'list', '"text"');
      t.like(await move.run(), { adopted: 1, refused: 1 });
      t.is((await move.run()).refusals[0]?.reason, 'its data is JSON, but not an object');
    },
  );

  test.serial(`${kind}: a refusal never contains a whole id.`, async (t) => {
    const move = await createMove(t, open);
    const sid = 'kQ3vT7yPzL0aWb5nXcDr8sUeFgHiJmOo';
    await insertRow(move, move.old, sid, '[]');
    t.deepEqual((await move.run()).refusals, [
      { sid: 'kQ3vT7… (32 characters)', reason: 'its data is JSON, but not an object' },
    ]);
  });

  test.serial(`${kind}: only the first hundred refused sessions are listed.`, async (t) => {
    const { old, run, query } = await createMove(t, open);
    const { table, columns, expiryIn } = old;
    await query(
      `INSERT INTO ${table} (${columns.id}, ${columns.data}, ${columns.expiry})
       WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 120)
       SELECT CONCAT('sid', n), '[]', ${expiryIn(60)} FROM numbers`,
    );
    const { refused, refusals } = await run();
    t.deepEqual([refused, refusals.length], [120, 100]);
  });
}
