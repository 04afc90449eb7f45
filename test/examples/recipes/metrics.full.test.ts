import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { SharedScope } from '../../support/scope';
import { createInstallation } from '../../support/store';
import { type Example, startExampleOn } from '../helpers/example';

const scope = new SharedScope();
let prometheus: Example;
let opentelemetry: Example;

test.before(async () => {
  const database = await createInstallation(scope, ['application']);
  const start = (file: string) => startExampleOn(scope, database, `examples/recipes/${file}`);
  prometheus = await start('prometheus.ts');
  opentelemetry = await start('opentelemetry.ts');
});
test.after.always(() => scope.end());

/** Returns the samples of a scrape, by the name with its labels. */
async function scrape(example: Example): Promise<Map<string, number>> {
  const { body } = await example.browser().visit('/metrics');
  const lines = body.split('\n').filter((line) => /^\w/.test(line));
  return new Map(
    lines.map((line) => {
      const [, name = '', value] = /^(\w+(?:\{.*\})?) (\S+)/.exec(line) ?? [];
      return [name, Number(value)];
    }),
  );
}

test.serial('Prometheus counts a visit as one call that creates and one that reads.', async (t) => {
  const browser = prometheus.browser();
  const count = (samples: Map<string, number>, routine: string) =>
    samples.get(`session_store_call_duration_seconds_count{routine="${routine}",outcome="ok"}`) ??
    0;
  const before = await scrape(prometheus);
  await browser.visit();
  await browser.visit();
  const after = await scrape(prometheus);
  t.is(count(after, 'sess_set') - count(before, 'sess_set'), 1);
  t.is(count(after, 'sess_get') - count(before, 'sess_get'), 1);
});

test('Prometheus sees that the server takes writes.', async (t) => {
  t.is((await scrape(prometheus)).get('session_store_writable'), 1);
});

test('Each metric of the dashboard exists, and each metric is on the dashboard.', async (t) => {
  await prometheus.browser().visit();
  const path = join(__dirname, '../../../examples/recipes/grafana-dashboard.json');
  const { panels } = JSON.parse(readFileSync(path, 'utf8'));
  const queries: string[] = panels.flatMap(({ targets }: { targets: Array<{ expr: string }> }) =>
    targets.map(({ expr }) => expr),
  );
  const shown = new Set(queries.flatMap((query) => query.match(/session_store_\w+/g) ?? []));
  const { body } = await prometheus.browser().visit('/metrics');
  const declared = [...body.matchAll(/^# TYPE (session_store_\w+) (\w+)$/gm)];
  const base = (name: string) =>
    declared.find(([, known = '', type]) =>
      type === 'histogram'
        ? [`${known}_bucket`, `${known}_count`, `${known}_sum`].includes(name)
        : known === name,
    )?.[1];
  t.deepEqual(
    [...new Set([...shown].map(base))].toSorted(),
    declared.map(([, name]) => name).toSorted(),
  );
});

test('OpenTelemetry has the names of its conventions for database clients.', async (t) => {
  await opentelemetry.browser().visit();
  const samples = [...(await scrape(opentelemetry)).keys()];
  const [sample = ''] = samples.filter(
    (name) =>
      name.startsWith('db_client_operation_duration_count{') &&
      name.includes('db_stored_procedure_name="sess_set"'),
  );
  t.true(sample.includes('db_system_name="mysql"'));
  t.true(sample.includes('db_operation_name="CALL"'));
  t.false(sample.includes('error_type'));
});

test('No metric has a session id or a user.', async (t) => {
  const browser = prometheus.browser();
  await browser.visit();
  const [, id = ''] = /s:([^.]+)\./.exec(decodeURIComponent(await browser.cookies())) ?? [];
  t.is(id.length, 32);
  for (const example of [prometheus, opentelemetry]) {
    t.false((await example.browser().visit('/metrics')).body.includes(id));
  }
});
