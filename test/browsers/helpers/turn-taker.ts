import { setTimeout as sleep } from 'node:timers/promises';
import { inTurn } from '../turn';

const [name = ''] = process.argv.slice(2);

/** Says when it is its turn, and does not end that. */
inTurn(name, async () => {
  console.log('begun');
  await sleep(60_000);
}).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
