import { subscribe } from 'node:diagnostics_channel';
import express from 'express';
import session from 'express-session';
import { type CallEvent, type CleanupEvent, MySQLSessionStore } from 'knex-mysql-session';
import { Counter, Gauge, Histogram, register } from 'prom-client';
import { closeOnSigterm, printUrl, run } from '../run';
import { day, type Visitor, welcome } from '../visitor';

declare module 'express-session' {
  interface SessionData extends Visitor {}
}

const calls = new Histogram({
  name: 'session_store_call_duration_seconds',
  help: 'Calls of routines, all attempts of a call together',
  labelNames: ['routine', 'outcome'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
});
const retries = new Counter({
  name: 'session_store_retries_total',
  help: 'Attempts after the first one of a call',
  labelNames: ['routine'],
});
const lost = new Counter({
  name: 'session_store_lost_total',
  help: 'Saves and touches whose session was gone',
});
const cleanups = new Counter({
  name: 'session_store_cleanups_total',
  help: 'Cleanups of this process',
  labelNames: ['outcome'],
});
const deleted = new Counter({
  name: 'session_store_cleanup_deleted_total',
  help: 'Expired sessions that cleanups deleted',
});
const overdue = new Gauge({
  name: 'session_store_cleanup_overdue_seconds',
  help: 'How long the sessions that the last cleanup could not lock are overdue',
});

function countEvents(): void {
  subscribe('knex-mysql-session:call', (message) => {
    const { routine, outcome, duration, retries: count } = message as CallEvent;
    calls.observe({ routine, outcome }, duration / 1_000);
    retries.inc({ routine }, count);
  });
  subscribe('knex-mysql-session:lost', () => lost.inc());
  subscribe('knex-mysql-session:cleanup', (message) => {
    const { outcome, deleted: count, overdueMs } = message as CleanupEvent;
    cleanups.inc({ outcome });
    deleted.inc(count);
    overdue.set((overdueMs ?? 0) / 1_000);
  });
}

run(async ({ url, secret, port }) => {
  countEvents();
  const store = new MySQLSessionStore({ connection: url });
  new Gauge({
    name: 'session_store_writable',
    help: '1 if the server takes writes now',
    async collect() {
      const { writable } = await store.ping({ timeout: 1_000 }).catch(() => ({ writable: false }));
      this.set(writable ? 1 : 0);
    },
  });
  const app = express();
  // Your monitoring reads this path. The public must not.
  app.get('/metrics', async (_, response) => {
    response.type(register.contentType).send(await register.metrics());
  });
  app.use(
    session({ store, secret, cookie: { maxAge: day }, resave: false, saveUninitialized: false }),
  );
  app.get('/', ({ session }, response) => {
    response.send(welcome(session));
  });

  await store.ready();
  const server = app.listen(port, () => printUrl(server));
  closeOnSigterm(server, () => store.close());
});
