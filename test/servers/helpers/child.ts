import { bootServer } from '..';
import type { Machine } from '../machine';

/** Boots a server, prints its URL, and then waits or comes to its end, with the server still up. */
async function main(machine = '', then = 'end'): Promise<void> {
  const { url } = await bootServer({ machine: JSON.parse(machine) as Machine });
  console.log(url);
  if (then === 'wait') setInterval(() => undefined, 60_000);
}

main(...process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
