import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ExecutionContext } from 'ava';
import { cleanEnvironment, program } from '../cli/run-cli';
import { type FullCatalog, readFullCatalog } from './catalog';
import { type Closing, openGate } from './gate';
import type { Operation } from './operations';

/** What an operation does if nothing interrupts it. */
export interface Undisturbed {
  /** How many statements that change something it sends. */
  readonly statements: number;
  readonly catalog: FullCatalog;
}

/** Runs an operation to its end. */
export async function runUndisturbed(
  t: ExecutionContext,
  { database, reset, run }: Operation,
): Promise<Undisturbed> {
  await reset();
  const gate = await openGate(t, database.url, {
    after: Number.POSITIVE_INFINITY,
    closing: 'keep waiting',
  });
  await run(gate.url);
  return { statements: gate.statements(), catalog: await readFullCatalog(database) };
}

/** Interrupts an operation after a number of statements, and asserts that it did not end. */
export async function interrupt(
  t: ExecutionContext,
  operation: Operation,
  moment: { readonly after: number; readonly closing: Closing },
): Promise<void> {
  const gate = await openGate(t, operation.database.url, moment);
  const end =
    moment.closing === 'refuse'
      ? await operation.run(gate.url).then(() => 'success', String)
      : await kill(operation, gate.url, gate.closed);
  t.regex(end, /read-only|^SIGKILL$/, `It was not interrupted after ${moment.after} statements.`);
  t.is(gate.statements(), moment.after + 1);
}

/** Runs a command in a process, and kills it at a moment. Returns how the process ended. */
async function kill(
  { command }: Operation,
  url: string,
  moment: Promise<unknown>,
): Promise<string> {
  const [node = '', ...first] = program;
  const child = spawn(node, [...first, ...command.args, '--url', url], {
    cwd: command.folder,
    env: cleanEnvironment({}),
    stdio: 'ignore',
  });
  const ended = once(child, 'close');
  await Promise.race([moment, ended]);
  child.kill('SIGKILL');
  const [code, signal] = await ended;
  return String(signal ?? code);
}

/** Runs an interrupted operation again, and asserts that the result is the undisturbed one. */
export async function assertCompletes(
  t: ExecutionContext,
  { database, run, refusal }: Operation,
  { catalog }: Undisturbed,
  after: number,
): Promise<void> {
  await run(database.url).catch((error: unknown) => {
    // The interrupted operation may have done everything.
    if (!refusal?.test(String(error))) throw error;
  });
  t.deepEqual(await readFullCatalog(database), catalog, `It differs after ${after} statements.`);
}
