import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Contender, Database } from './contenders/contender';
import type { Context } from './plan';
import type { Answer, Question, Services } from './worker';

/** A contender with an open store in a process that runs bench/worker.ts. */
export class ContenderProcess {
  readonly #child: ChildProcess = fork(join(__dirname, 'worker.ts'));

  constructor(
    readonly contender: Contender,
    readonly database: Database,
  ) {}

  get name(): string {
    return this.contender.name;
  }

  /** Asks for one service. Await the answer before the next question. */
  ask<Name extends keyof Services>(
    name: Name,
    ...args: Parameters<Services[Name]>
  ): Promise<Awaited<ReturnType<Services[Name]>>> {
    return new Promise((resolve, reject) => {
      const fail = (reason: unknown) => reject(new Error(`${this.name}, ${name}: ${reason}`));
      const onExit = (code: number | null) => fail(`the process ended with code ${code}`);
      this.#child.once('exit', onExit).once('message', (answer: Answer) => {
        this.#child.off('exit', onExit);
        if ('error' in answer) fail(answer.error);
        else resolve(answer.result as Awaited<ReturnType<Services[Name]>>);
      });
      this.#child.send({ name, args } satisfies Question, (error) => error && fail(error));
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }
}

/**
 * Opens the stores of the contenders whose servers run. Each has a process, so no contender shares
 * a heap or compiled code. Stops the processes after the work.
 *
 * @param cleansUp whether the stores run their cleanup on a timer
 */
export async function withContenders(
  { contenders, servers }: Context,
  cleansUp: boolean,
  work: (processes: readonly ContenderProcess[]) => Promise<void>,
): Promise<void> {
  const processes: ContenderProcess[] = [];
  try {
    for (const contender of contenders) {
      const serverUrl = contender.server ? servers.get(contender.server)?.url : '';
      if (serverUrl === undefined) continue;
      const name = contender.name.replace(/\W+/g, '_').toLowerCase();
      const process = new ContenderProcess(contender, await contender.prepare(serverUrl, name));
      processes.push(process);
      await process.ask('open', contender.name, process.database, cleansUp);
    }
    await work(processes);
  } finally {
    await Promise.all(processes.map((process) => process.stop()));
  }
}

/** Returns all items, with another one first in each round. */
export function rotated<Item>(items: readonly Item[], round: number): Item[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
