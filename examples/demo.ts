import { parseArgs } from 'node:util';
import { findServer } from '../test/servers';
import { withDatabase } from './demo/database';
import { Interruption } from './demo/interruption';
import { say, warn } from './demo/output';
import { serve } from './demo/serve';
import { tell } from './demo/story';

/** `npm run demo` tells the whole story and ends; `npm run demo -- --serve` stays up for your own browser. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { serve: { type: 'boolean', default: false } } });
  const interruption = new Interruption();
  const server = await findServer();
  try {
    say(`A ${server.flavor === 'mysql' ? 'MySQL' : 'MariaDB'} server: ${server.origin}.`);
    await withDatabase(server.url, (database) => (values.serve ? serve : tell)(database, interruption));
  } finally {
    await server.stop();
  }
}

main().catch((error: unknown) => {
  warn(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
