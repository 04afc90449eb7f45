import test, { type ExecutionContext } from 'ava';
import { dropAttribute, install, status } from '../../../src/install';
import { sample } from '../../support/scale';
import { type FullCatalog, readFullCatalog } from '../catalog';
import { interrupt, runUndisturbed } from '../interruption';
import { beginAddedAttribute, type Operation } from '../operations';
import { userId } from './attributed';

/** Interrupts the addition of an attribute at each of its statements, and compares what follows. */
async function interruptEach(
  t: ExecutionContext,
  continueWith: (operation: Operation) => Promise<unknown>,
  expected: (catalogs: { whole: FullCatalog; before: FullCatalog }) => FullCatalog,
): Promise<void> {
  t.timeout(600_000);
  const operation = await beginAddedAttribute(t);
  const { database, reset } = operation;
  const { statements, catalog: whole } = await runUndisturbed(t, operation);
  await reset();
  const before = await readFullCatalog(database);
  // The first statement records the choice. Without it, nothing was begun.
  const moments = sample([...Array(statements).keys()].slice(1), 4);
  for (const after of moments) {
    await interrupt(t, operation, { after, closing: 'refuse' });
    t.deepEqual((await status({ connection: database.url })).attributes, [userId]);
    await continueWith(operation);
    const catalog = await readFullCatalog(database);
    t.deepEqual(catalog, expected({ whole, before }), `It differs after ${after} statements.`);
    await reset();
  }
  t.log(`${moments.length} of ${statements} statements`);
}

test('An attribute whose addition was interrupted at a statement is completed by migrate.', async (t) => {
  await interruptEach(
    t,
    ({ database }) => install({ connection: database.url }),
    ({ whole }) => whole,
  );
});

test('An attribute whose addition was interrupted at a statement is removed by attribute drop.', async (t) => {
  await interruptEach(
    t,
    ({ database }) => dropAttribute({ connection: database.url }, userId.name),
    ({ before }) => before,
  );
});
