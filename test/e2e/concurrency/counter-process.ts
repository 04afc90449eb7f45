import { MySQLSessionStore } from '../../../src';
import { listen } from '../../support/http';
import { counterApp } from './counter-app';

/** Serves the counter app, and prints its URL. parallel-updates.test.ts starts this program. */
async function main({ ACCOUNT_URL, WRITE_MODE } = process.env): Promise<void> {
  const store = new MySQLSessionStore({
    connection: ACCOUNT_URL ?? '',
    writeMode: WRITE_MODE === 'replace' ? 'replace' : 'merge',
  });
  await store.ready();
  const { origin } = await listen(counterApp(store));
  console.log(origin);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
