import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import connect from 'connect';
import type { Request, Response } from 'express';
import session from 'express-session';
import knex from 'knex';
import { MySQLSessionStore } from 'knex-mysql-session';

declare module 'express-session' {
  interface SessionData {
    visits?: number;
  }
}

async function main({ MYSQL_URL, SESSION_SECRET, PORT = '3000' } = process.env): Promise<void> {
  if (!MYSQL_URL || !SESSION_SECRET) {
    throw new Error("Set MYSQL_URL, to the application's account, and SESSION_SECRET");
  }
  const database = knex({ client: 'mysql2', connection: MYSQL_URL });
  const store = new MySQLSessionStore({ knex: database });
  const sessions = session({ store, secret: SESSION_SECRET, resave: false, saveUninitialized: false });
  const app = connect();

  // The types of express-session know Express alone; what it does needs no more than Node's own requests.
  app.use((request, response, next) => sessions(request as Request, response as Response, next));
  app.use((request, response) => {
    const { session } = request as Request;
    session.visits = (session.visits ?? 0) + 1;
    response.end(`Visits: ${session.visits}`);
  });

  await store.ready();
  const server = createServer(app).listen(Number(PORT), () => {
    console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
}

main().catch((error: unknown) => {
  console.error(error);
  // The pool may still be open, and would keep the process alive.
  process.exit(1);
});
