import { MySQLSessionStore } from '../../src';
import { countingApp } from './counting-app';
import { listen } from './listen';

/** Serves the counting app from a process of its own, and prints its URL. */
async function main({ ACCOUNT_URL, WRITE_MODE } = process.env): Promise<void> {
  const store = new MySQLSessionStore({
    connection: ACCOUNT_URL ?? '',
    writeMode: WRITE_MODE === 'replace' ? 'replace' : 'merge',
  });
  await store.ready();
  const { origin } = await listen(countingApp(store));
  console.log(origin);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
