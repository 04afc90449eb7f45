import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an example is told by its environment. */
export interface Environment {
  /** The database, and the application's account. */
  readonly url: string;
  /** What the cookies are signed with. */
  readonly secret: string;
  readonly port: number;
}

/** Runs an example; one that can't start ends with what it failed of. */
export function run(main: (environment: Environment) => Promise<void>): void {
  Promise.resolve()
    .then(() => main(environment()))
    .catch((error: unknown) => {
      console.error(error);
      // The pool may still be open, and would keep the process alive.
      process.exit(1);
    });
}

/** Says where to find the example. */
export function listening(server: Server): void {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

function environment({ MYSQL_URL, SESSION_SECRET, PORT = '3000' } = process.env): Environment {
  if (!MYSQL_URL || !SESSION_SECRET) {
    throw new Error("Set MYSQL_URL, to the application's account, and SESSION_SECRET");
  }
  return { url: MYSQL_URL, secret: SESSION_SECRET, port: Number(PORT) };
}
