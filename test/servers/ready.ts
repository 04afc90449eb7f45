import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';

const patience = 60_000;

/** Resolves when the server lets its administrator in; throws what it printed when it ends before that. */
export async function waitUntilReady(url: string, gone: Promise<string>): Promise<void> {
  let end: Error | undefined;
  gone.then(
    (log) => {
      end = new Error(`The server ended while it started: ${log.trim()}`);
    },
    (error: Error) => {
      end = error;
    },
  );
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      const connection = await createConnection({ uri: url, connectTimeout: 5_000 });
      return await connection.end();
    } catch (error) {
      if (end) throw end;
      if (Date.now() > deadline) throw error;
    }
    await sleep(20);
  }
}
