import test from 'ava';
import type { Closing } from '../install/gate';
import {
  assertCompletes,
  interrupt,
  runUndisturbed,
  type Undisturbed,
} from '../install/interruption';
import { type Operation, operations } from '../install/operations';

const kills = 100;

interface Moment {
  readonly what: string;
  /** The number of statements before the one at which the kill comes. */
  readonly after: number;
}

/** Returns random items, evenly from the first to the last. */
function randomSpread<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, index) => {
    const position = Math.floor(((index + Math.random()) * items.length) / count);
    return items[position];
  }).filter((item) => item !== undefined);
}

// The installer dies before the server gets a statement, or while the server runs it. In the second
// case, the server goes on alone, and the next run can begin before it has finished.
function randomClosing(): Closing {
  return Math.random() < 0.5 ? 'keep waiting' : 'keep the answer';
}

test.serial(`After each of ${kills} SIGKILL, the next run has the same result.`, async (t) => {
  t.timeout(3_600_000);
  const begun = new Map<string, { operation: Operation; undisturbed: Undisturbed }>();
  const all: Moment[] = [];
  for (const [what, begin] of Object.entries(operations)) {
    const operation = await begin(t);
    const undisturbed = await runUndisturbed(t, operation);
    begun.set(what, { operation, undisturbed });
    for (let after = 0; after < undisturbed.statements; after++) all.push({ what, after });
  }
  const start = performance.now();
  const counts = new Map<string, number>();
  for (const { what, after } of randomSpread(all, kills)) {
    const found = begun.get(what);
    if (found === undefined) continue;
    const { operation, undisturbed } = found;
    const closing = randomClosing();
    t.log(`${what}: ${closing} after ${after} of ${undisturbed.statements} statements`);
    await operation.reset();
    await interrupt(t, operation, { after, closing });
    await assertCompletes(t, operation, undisturbed, after);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const seconds = Math.round((performance.now() - start) / 1_000);
  t.log(`${kills} kills among ${all.length} statements, in ${seconds} s`);
  for (const [what, count] of counts) t.log(`${what}: ${count}`);
  t.is(
    [...counts.values()].reduce((sum, count) => sum + count, 0),
    kills,
  );
});
