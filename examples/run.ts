import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The settings that an example reads from the environment. */
export interface Settings {
  /** MYSQL_URL: the database, with the application's account. */
  readonly url: string;
  /** SESSION_SECRET: signs the cookies. */
  readonly secret: string;
  /** PORT: 3000 by default. */
  readonly port: number;
}

/** Runs an example. If it fails to start, it prints the error and exits with code 1. */
export function run(main: (settings: Settings) => Promise<void>): void {
  Promise.resolve()
    .then(() => main(readSettings(process.env)))
    .catch((error: unknown) => {
      console.error(error);
      // An open pool would keep the process alive.
      process.exit(1);
    });
}

/** Prints the URL of the example. */
export function printUrl(server: Server): void {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** On SIGTERM, lets the requests under way finish, and then closes the store. */
export function closeOnSigterm(server: Server, closeStore: () => Promise<unknown>): void {
  endKeepAlive(server);
  process.once('SIGTERM', () => server.close(() => closeStore()));
}

/** Without this, a server that closes waits for connections that their clients keep alive. */
export function endKeepAlive(server: Server): void {
  server.on('request', (_request, response) => {
    response.once('close', () => {
      if (!server.listening) server.closeIdleConnections();
    });
  });
}

function readSettings({ MYSQL_URL, SESSION_SECRET, PORT = '3000' }: NodeJS.ProcessEnv): Settings {
  if (!MYSQL_URL || !SESSION_SECRET) {
    throw new Error("Set MYSQL_URL, to the application's account, and SESSION_SECRET");
  }
  return { url: MYSQL_URL, secret: SESSION_SECRET, port: Number(PORT) };
}
