import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a worker can be asked for, each with one plain value in and out. */
export type Services = Record<string, (argument: never) => Promise<unknown>>;

interface Question {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Answers the parent for as long as it lives. */
export function serve(services: Services): void {
  process.on('message', async ({ id, name, argument }: Question) => {
    try {
      const result = await services[name]?.(argument as never);
      process.send?.({ id, result } satisfies Answer);
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.stack : String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}

/** A process of one's own for what is measured, so that nobody's garbage and nobody's code paths are another's. */
export class Remote<Known extends Services> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;

  constructor(
    file: string,
    private readonly title: string,
  ) {
    this.#child = fork(file);
    this.#child.on('message', (answer: Answer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    this.#child.on('exit', (code, signal) => {
      for (const [id, answer] of this.#waiting) answer({ id, error: `it ended with ${signal ?? code}` });
      this.#waiting.clear();
    });
  }

  async ask<Name extends keyof Known & string>(
    name: Name,
    argument: Parameters<Known[Name]>[0],
  ): Promise<Awaited<ReturnType<Known[Name]>>> {
    const id = this.#asked++;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, name, argument } satisfies Question, (error) => {
        if (error) resolve({ id, error: error.message });
      });
    });
    if (answer.error !== undefined) throw new Error(`${this.title}, asked to ${name}: ${answer.error}`);
    return answer.result as Awaited<ReturnType<Known[Name]>>;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }
}
