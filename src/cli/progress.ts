import { type Options, SingleBar } from 'cli-progress';
import type { Listener } from '../install';
import { say, styled } from './output';

/** What a bar shows of work that takes long. */
export interface Progress {
  update(done: number): void;
  stop(): void;
}

const appearance: Options = {
  stream: process.stderr,
  barsize: 30,
  barCompleteChar: '█',
  barIncompleteChar: '░',
  clearOnComplete: true,
};

/** A bar on stderr, or a running count where the total is not known; nothing where that is no terminal. */
export function startProgress(unit: string, total: number | undefined): Progress {
  const format =
    total === undefined
      ? `{value} ${unit}`
      : `{bar} {percentage}% │ {value} of {total} ${unit} │ {eta_formatted}`;
  const bar = new SingleBar({ ...appearance, format });
  bar.start(total ?? 0, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}

/** Says each step when it is done; on a terminal, a bar below tells how many are. */
export function reportSteps(): Listener & { stop(): void } {
  const bar = new SingleBar({ ...appearance, format: '{bar} {value} of {total} steps' });
  return {
    onWait: () => say('Another installer is at work: waiting for it.'),
    onTableInUse: () => say('A long transaction has the table: trying again in a moment.'),
    onStep: (name, done, total) => {
      // The bar remembers the line that it was started on, and nothing may be written there meanwhile.
      bar.stop();
      say(`${styled('green', '✔', process.stderr)} ${name}`);
      bar.start(total, done);
    },
    stop: () => bar.stop(),
  };
}
