import { subscribe } from 'node:diagnostics_channel';
import { metrics, ValueType } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import express from 'express';
import session from 'express-session';
import { type CallEvent, type CleanupEvent, MySQLSessionStore } from 'knex-mysql-session';
import { closeOnSigterm, printUrl, run } from '../run';
import { day, type Visitor, welcome } from '../visitor';

declare module 'express-session' {
  interface SessionData extends Visitor {}
}

// The application serves the metrics. With OTLP, replace the exporter by a reader that pushes.
const exporter = new PrometheusExporter({ preventServerStart: true });
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [exporter] }));

/** Uses the names of https://opentelemetry.io/docs/specs/semconv/db/database-metrics/. */
function recordEvents(): void {
  const meter = metrics.getMeter('knex-mysql-session');
  const durations = meter.createHistogram('db.client.operation.duration', {
    description: 'Duration of database client operations.',
    unit: 's',
    advice: { explicitBucketBoundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] },
  });
  const counter = { valueType: ValueType.INT };
  const retries = meter.createCounter('session_store.retries', counter);
  const lost = meter.createCounter('session_store.lost', counter);
  const deleted = meter.createCounter('session_store.cleanup.deleted', counter);

  subscribe('knex-mysql-session:call', (message) => {
    const { routine, duration, retries: count, error } = message as CallEvent;
    const operation = {
      // The client's protocol. The server may be MariaDB.
      'db.system.name': 'mysql',
      'db.operation.name': 'CALL',
      'db.stored_procedure.name': routine,
    };
    const { code = 'Error' } = Object(error);
    durations.record(duration / 1_000, { ...operation, ...(error ? { 'error.type': code } : {}) });
    retries.add(count, operation);
  });
  subscribe('knex-mysql-session:lost', () => lost.add(1));
  subscribe('knex-mysql-session:cleanup', (message) => {
    deleted.add((message as CleanupEvent).deleted);
  });
}

run(async ({ url, secret, port }) => {
  recordEvents();
  const store = new MySQLSessionStore({ connection: url });
  const app = express();
  // Your monitoring reads this path. The public must not.
  app.get('/metrics', (request, response) => {
    exporter.getMetricsRequestHandler(request, response);
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
