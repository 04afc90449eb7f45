import test, { type ExecutionContext } from 'ava';
import { grant, install, status } from '../../../src/install';
import { createDatabase, type TestDatabase } from '../../support/database';
import { runCli } from '../run-cli';

interface Databases extends TestDatabase {
  /** The names of the two databases, in the order of a list. */
  readonly names: readonly [string, string];
  /** Matches both, and no database of another test. */
  readonly pattern: string;
  /** A URL that names no database. */
  readonly server: string;
  readonly urlOf: (name: string) => string;
  /** Runs a command on both. */
  readonly run: (...args: string[]) => ReturnType<typeof runCli>;
}

async function createDatabases(t: ExecutionContext): Promise<Databases> {
  const database = await createDatabase(t);
  const { name, url, query } = database;
  const other = `${name}_b`;
  await query(`CREATE DATABASE ${other}`);
  t.teardown(() => query(`DROP DATABASE ${other}`));
  const urlOf = (path: string) => Object.assign(new URL(url), { pathname: path }).href;
  const pattern = `${name}%`;
  return {
    ...database,
    names: [name, other],
    pattern,
    server: urlOf(''),
    urlOf,
    run: (...args) => runCli([...args, '--databases', pattern], { MYSQL_URL: urlOf('') }),
  };
}

test.serial('migrate --databases installs in each database, and prints a line each.', async (t) => {
  const { names, run, urlOf } = await createDatabases(t);
  const { code, stdout, stderr } = await run('migrate');
  t.is(code, 0);
  const [one, other] = names;
  const lines = `${one}    Up to date: N steps done.\n${other}  Up to date: N steps done.\n`;
  t.is(stdout.replace(/\d+ steps/g, 'N steps'), lines);
  for (const name of names) {
    t.true(stderr.includes(`✔ ${name}: routines/sess_get\n`), stderr);
    t.true((await status({ connection: urlOf(name) })).upToDate);
  }
  t.true(stderr.endsWith('2 databases: 2 in order.\n'));
});

test.serial('A failure in one database does not stop the others.', async (t) => {
  const { name, server, names, run, query, urlOf } = await createDatabases(t);
  await query('CREATE TABLE sessions (id INT)');
  const { code, stdout, stderr } = await run('migrate');
  t.is(code, 1);
  t.regex(stdout, new RegExp(`^${name} +failed: .*\`sessions\`.*\n${names[1]}  Up to date: `));
  t.true(stderr.endsWith('2 databases: 1 in order, 1 failed.\n'));
  t.true((await status({ connection: urlOf(names[1]) })).upToDate);
  const list = `${names[1]},${name}_missing`;
  const json = await runCli(['status', '--json', '--databases', list], { MYSQL_URL: server });
  t.is(json.code, 1);
  t.is(json.stderr, '');
  const [first, second, ...more] = JSON.parse(json.stdout);
  t.deepEqual(more, []);
  t.like(first, { database: names[1], result: { upToDate: true, database: names[1] } });
  t.deepEqual(Object.keys(second), ['database', 'error']);
  t.regex(second.error, new RegExp(`Create it first: CREATE DATABASE \`${name}_missing\``));
});

test.serial('status and doctor --databases have exit code 3 if one has something.', async (t) => {
  const { names, query, run, urlOf } = await createDatabases(t);
  await install({ connection: urlOf(names[0]) });
  const pending = await run('status');
  t.is(pending.code, 3);
  t.regex(
    pending.stdout,
    new RegExp(`^${names[0]} +up to date\n${names[1]}  \\d+ pending steps\n$`),
  );
  t.is(pending.stderr, '2 databases: 1 in order, 1 to look at.\n');
  await install({ connection: urlOf(names[1]) });
  t.like(await run('doctor', '--quiet'), { code: 0, stdout: '', stderr: '' });
  t.like(await run('doctor'), {
    code: 0,
    stdout: `${names[0]}    No findings.\n${names[1]}  No findings.\n`,
  });
  await query(`ALTER TABLE ${names[1]}.sessions DROP INDEX sessions_expired_idx`);
  t.like(await run('doctor', '--quiet'), {
    code: 3,
    stdout: `${names[1]}  1 finding.\n`,
    stderr: '2 databases: 1 in order, 1 to look at.\n',
  });
});

test.serial('grant, gc and revoke --databases need no more than in one database.', async (t) => {
  const { names, run, query, pattern, createAccount, urlOf } = await createDatabases(t);
  await run('migrate');
  const account = await createAccount();
  const granted = await run('grant', account.name, '--role', 'cleaner', '--json');
  t.is(granted.code, 0);
  t.deepEqual(
    JSON.parse(granted.stdout),
    names.map((database) => ({ database, result: { account: account.name, role: 'cleaner' } })),
  );
  await query(
    `INSERT INTO ${names[1]}.sessions
     VALUES ('a', '{}', UTC_TIMESTAMP(3) - INTERVAL 1 HOUR, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))`,
  );
  const cleaner = Object.assign(new URL(account.url), { pathname: '' }).href;
  t.like(await runCli(['gc', '--databases', pattern], { MYSQL_URL: cleaner }), {
    code: 0,
    stdout: `${names[0]}    0 expired sessions deleted.\n${names[1]}  1 expired session deleted.\n`,
  });
  t.is((await run('revoke', account.name)).code, 0);
  for (const name of names) {
    t.deepEqual((await status({ connection: urlOf(name) })).grants, []);
  }
});

test.serial('migrate --dry-run and grant --plan --databases print a script each.', async (t) => {
  const { names, run, server, urlOf, createAccount } = await createDatabases(t);
  const { code, stdout } = await run('migrate', '--dry-run');
  t.is(code, 0);
  const uses = (script: string) => script.match(/^USE .*$/gm);
  t.deepEqual(
    uses(stdout),
    names.map((name) => `USE \`${name}\`;`),
  );
  await install({ connection: urlOf(names[1]) });
  const account = await createAccount();
  await grant({ connection: urlOf(names[1]) }, account.name, 'cleaner');
  const list = `${names[0]}_missing,${names[1]}`;
  const plan = ['grant', account.name, '--plan', '--databases', list];
  const { code: failed, stdout: script, stderr } = await runCli(plan, { MYSQL_URL: server });
  t.is(failed, 1);
  t.deepEqual(uses(script), [`USE \`${names[1]}\`;`]);
  t.regex(stderr, new RegExp(`^error: ${names[0]}_missing: Unknown database`));
});

test.serial('A pattern that matches no database is wrong usage.', async (t) => {
  const { name, server } = await createDatabases(t);
  const args = ['status', '--databases', `${name},${name}x%`];
  const { code, stdout, stderr } = await runCli(args, { MYSQL_URL: server });
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /^error: Expected `--databases` to be .*, which matches none\n$/);
});

test.serial('--database names the database if the URL names none, or another.', async (t) => {
  const { name, names, server, urlOf } = await createDatabases(t);
  await install({ connection: urlOf(names[1]) });
  for (const MYSQL_URL of [server, urlOf(name)]) {
    const { code, stdout } = await runCli(['status', '--json', '--database', names[1]], {
      MYSQL_URL,
    });
    t.is(code, 0);
    t.is(JSON.parse(stdout).database, names[1]);
  }
});

const url = 'mysql://dba@127.0.0.1:1/shop';
for (const [args, message] of [
  [['status'], /^error: Expected `--database` to be given, or named by the URL, .*, got none/],
  [['status', '--database', ''], /^error: Expected `--database` to be the name of a database/],
  [
    ['status', '--databases', 'a', '--database', 'b'],
    /`--databases` to be given without --database/,
  ],
  [['status', '--databases', 'a,'], /^error: Expected `--databases` to be the name of a database/],
  [['migrate', '--databases', 'a,b', '--table', 'a b'], /^error: Expected `--table` to be /],
] as const) {
  test.serial(`Wrong usage has exit code 2: ${args.join(' ')}`, async (t) => {
    const { code, stdout, stderr } = await runCli(args, {
      MYSQL_URL: url.replace('/shop', ''),
    });
    t.is(code, 2);
    t.is(stdout, '');
    t.regex(stderr, message);
  });
}

test.serial(
  'A server that does not run fails for each database, or for the pattern.',
  async (t) => {
    const list = await runCli(['status', '--databases', 'a,b'], { MYSQL_URL: url });
    t.is(list.code, 1);
    t.regex(list.stdout, /^a {2}failed: \S+ refuses connections.*\nb {2}failed: \S+ refuses/);
    const pattern = await runCli(['status', '--databases', 'a%'], { MYSQL_URL: url });
    t.is(pattern.code, 1);
    t.regex(pattern.stderr, /^error: 127\.0\.0\.1:1 refuses connections/);
  },
);
