import { SingleBar } from 'cli-progress';
import type { ProgressListener } from '../../install';
import { printMessage, styleMessage } from './output';
import { processContext } from './process-context';

export interface Progress {
  update(done: number): void;
  stop(): void;
}

function createBar(format: string): SingleBar {
  return new SingleBar({
    format,
    stream: processContext().stderr,
    barsize: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
  });
}

/** Shows a bar on a terminal, or a count if the total is unknown. Shows nothing elsewhere. */
export function startProgress(unit: string, total: number | undefined): Progress {
  const format =
    total === undefined
      ? `{value} ${unit}`
      : `{bar} {percentage}% │ {value} of {total} ${unit} │ {eta_formatted}`;
  const bar = createBar(format);
  bar.start(total ?? 0, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}

/**
 * Prints each step when it is done. On a terminal, a bar below shows how many are done.
 *
 * @param database the database of the steps, if the command works on several
 */
export async function withStepProgress<T>(
  work: (listener: ProgressListener) => Promise<T>,
  database?: string,
): Promise<T> {
  const place = database === undefined ? '' : `${database}: `;
  const bar = createBar('{bar} {value} of {total} steps');
  const listener: ProgressListener = {
    onWait: () => printMessage(`${place}Another installer is running. Waiting for it.`),
    onTableInUse: () => printMessage(`${place}A long transaction uses the table. Retrying soon.`),
    onLeftOut: (original, grants) => {
      const roles = grants.map(({ account, role }) => `${account} (${role})`);
      printMessage(`${place}This is a copy of ${original}. Left out: ${roles.join(', ')}.`);
    },
    onStep: (name, done, total) => {
      // A running bar owns its line: stop it before a step is printed there.
      bar.stop();
      printMessage(`${styleMessage('green', '✔')} ${place}${name}`);
      bar.start(total, done);
    },
  };
  try {
    return await work(listener);
  } finally {
    bar.stop();
  }
}
