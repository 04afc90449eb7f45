import test from 'ava';
import { install, plan, planFresh, status } from '../../src/install';
import { createDatabase, type TestDatabase } from '../database';
import { disableEvent } from '../install/disabled-event';
import { runCli } from './cli';

async function eventOf({ url }: TestDatabase): Promise<string> {
  const { event } = await status({ connection: url });
  return event ? `${event.name} every ${event.every} s` : 'none';
}

for (const [args, expected] of [
  [['--event'], 'sess_gc every 60 s'],
  [['--event', '--every', '300'], 'sess_gc every 300 s'],
  [['--every', '300'], 'sess_gc every 300 s'],
  [['--no-event'], 'none'],
  [[], 'none'],
] as const) {
  test.serial(`migrate ${args.join(' ')} installs: ${expected}.`, async (t) => {
    const database = await createDatabase(t);
    const { code } = await runCli(['migrate', ...args, '--url', database.url]);
    t.is(code, 0);
    t.is(await eventOf(database), expected);
  });
}

test.serial('migrate --no-event takes the event away.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, event: true });
  const { code, stdout } = await runCli(['migrate', '--no-event', '--url', database.url]);
  t.is(code, 0);
  t.is(stdout, 'Up to date: 1 step done.\n');
  t.is(await eventOf(database), 'none');
});

test.serial('migrate without a word of the event keeps it.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, event: { every: 300 } });
  t.like(await runCli(['migrate', '--url', database.url]), { stdout: 'Nothing to do: up to date.\n' });
  t.is(await eventOf(database), 'sess_gc every 300 s');
});

test.serial('migrate --event says at once where the event will not run.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, event: true });
  await disableEvent(database);
  const { code, stderr } = await runCli(['migrate', '--event', '--url', database.url]);
  t.is(code, 0);
  t.regex(stderr, /^The cleanup does not run yet\. .*\.$/m);
});

test.serial('plan --event prints what the library plans.', async (t) => {
  const { url } = await createDatabase(t);
  const { stdout } = await runCli(['plan', '--every', '300', '--url', url]);
  t.regex(stdout, /EVERY 300 SECOND/);
  t.is(stdout, await plan({ connection: url, event: { every: 300 } }));
});

test.serial('plan --database --event asks no server.', async (t) => {
  t.like(await runCli(['plan', '--database', 'shop', '--event']), {
    code: 0,
    stdout: planFresh({ database: 'shop', event: true }),
  });
});

test.serial('status tells of the event, whether it runs, and when it last did.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, event: { every: 86_400 } });
  await disableEvent(database);
  const { code, stdout } = await runCli(['status', '--url', database.url]);
  t.is(code, 0);
  t.regex(stdout, /^Cleanup +event sess_gc, every 86400 seconds$/m);
  t.regex(stdout, /^ +not running$/m);
  t.regex(stdout, /^Last run \(UTC\) +(?:never|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/m);
});

test.serial('status says nothing of an event where none was asked for.', async (t) => {
  const { url } = await createDatabase(t);
  await install({ connection: url });
  t.notRegex((await runCli(['status', '--url', url])).stdout, /event|Cleanup/);
});

const url = 'mysql://dba@127.0.0.1:1/shop';
const wrongUsage: Array<[args: string[], error: RegExp]> = [
  [
    ['migrate', '--every', '0'],
    /^error: Expected `--every` to be a whole number of seconds, 1 to 86400, got 0\n/,
  ],
  [['migrate', '--every', '86401'], /^error: Expected `--every` to be a whole number of seconds, 1 to 86400/],
  [
    ['migrate', '--every', '1h'],
    /^error: Expected `--every` to be a whole number of seconds, .*, got "1h"\n/,
  ],
  [
    ['plan', '--no-event', '--every', '5'],
    /^error: Expected `--every` to be given without --no-event, got both/,
  ],
];
for (const [args, expected] of wrongUsage) {
  test.serial(`Wrong usage is named, with exit code 2: ${args.join(' ')}`, async (t) => {
    const { code, stdout, stderr } = await runCli([...args, '--url', url]);
    t.is(code, 2);
    t.is(stdout, '');
    t.regex(stderr, expected);
  });
}
