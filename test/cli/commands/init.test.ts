import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { createDatabase, openDatabase, type TestDatabase } from '../../support/database';
import { openStore, session } from '../../support/store';
import { runAtTerminal, testAtTerminal } from '../pseudo-terminal';
import { runCli } from '../run-cli';

interface Setup extends TestDatabase {
  /** The administrator's URL, without a database. */
  readonly server: string;
  readonly envFile: string;
}

/** Returns a server without the database, and the path of a file that does not exist. */
async function createSetup(t: ExecutionContext): Promise<Setup> {
  const database = await createDatabase(t);
  await database.query(`DROP DATABASE ${database.name}`);
  t.teardown(() => database.query(`CREATE DATABASE IF NOT EXISTS ${database.name}`));
  const folder = await mkdtemp(join(tmpdir(), 'kms-init-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const server = Object.assign(new URL(database.url), { pathname: '/' }).href;
  return { ...database, server, envFile: join(folder, '.env') };
}

const runInit = ({ name, server, envFile }: Setup, ...further: string[]) =>
  runCli(['init', '--database', name, '--write', envFile, ...further], { MYSQL_URL: server });

const urlIn = async ({ envFile }: Setup) =>
  String(parseEnv(await readFile(envFile, 'utf8')).MYSQL_URL);

const databases = ({ name, query }: Setup) => query(`SHOW DATABASES LIKE '${name}'`);

const accounts = ({ name, query }: Setup) =>
  query("SELECT user FROM mysql.user WHERE user LIKE CONCAT(?, '%') AND user NOT LIKE '%.sess_'", [
    name,
  ]);

test.serial('A store works with the URL that init writes.', async (t) => {
  const setup = await createSetup(t);
  const { code, stdout } = await runInit(setup, '--yes');
  t.is(code, 0);
  t.true(stdout.startsWith(`${setup.name} is ready. ${setup.envFile} has MYSQL_URL`));
  const store = openStore(t, await urlIn(setup));
  await store.set('a', session('kept'));
  t.is((await store.get('a'))?.value, 'kept');
});

test.serial('The account that init creates can do nothing but execute routines.', async (t) => {
  const setup = await createSetup(t);
  await runInit(setup, '--yes');
  const application = openDatabase(t, await urlIn(setup));
  const grants = (await application.query('SHOW GRANTS')).map(([grant]) => String(grant));
  t.true(grants.length > 1);
  t.deepEqual(
    grants.filter((grant) => !/^GRANT (?:USAGE ON \*\.\*|EXECUTE ON PROCEDURE) /.test(grant)),
    [],
  );
});

test.serial('init shows the statements that it runs, without the password.', async (t) => {
  const setup = await createSetup(t);
  const { stdout, stderr } = await runInit(setup, '--yes');
  const { username, password } = new URL(await urlIn(setup));
  t.true(stderr.includes(`CREATE DATABASE IF NOT EXISTS \`${setup.name}\`;`));
  t.regex(stderr, new RegExp(`CREATE USER \`${username}\`@.+ IDENTIFIED BY '\\(random\\)';`));
  t.false(`${stdout}${stderr}`.includes(password));
});

test.serial(
  'init keeps the lines of the file, and no other user can read a new one.',
  async (t) => {
    const setup = await createSetup(t);
    await writeFile(setup.envFile, 'PORT=3000');
    await runInit(setup, '--yes');
    t.regex(await readFile(setup.envFile, 'utf8'), /^PORT=3000\nMYSQL_URL=mysql:\S+\n$/);
    const another = { ...setup, envFile: `${setup.envFile}.local` };
    t.is((await runInit(another, '--yes', '--account', `${setup.name}.other`)).code, 0);
    t.is((await stat(another.envFile)).mode & 0o777, 0o600);
  },
);

test.serial('init refuses a file that has MYSQL_URL, and changes nothing.', async (t) => {
  const setup = await createSetup(t);
  await writeFile(setup.envFile, 'MYSQL_URL=mysql://app@db.example/shop\n');
  const { code, stderr } = await runInit(setup, '--yes');
  t.is(code, 2);
  t.regex(stderr, /Expected `--write` to be a file without MYSQL_URL, got \S+, which has it\n$/);
  t.deepEqual([await databases(setup), await accounts(setup)], [[], []]);
});

test.serial('init refuses an account that exists, and changes nothing.', async (t) => {
  const setup = await createSetup(t);
  const { name } = await setup.createAccount();
  const { code, stderr } = await runInit(setup, '--yes', '--account', name);
  t.is(code, 2);
  t.true(stderr.includes(`Expected \`--account\` to be a new account, got ${name}, which exists`));
  t.deepEqual(await databases(setup), []);
});

test.serial('Without a terminal, init needs --yes, and changes nothing.', async (t) => {
  const setup = await createSetup(t);
  const { code, stderr } = await runInit(setup);
  t.is(code, 2);
  t.regex(stderr, /Expected `--yes` to be given/);
  t.deepEqual([await databases(setup), await accounts(setup)], [[], []]);
});

test.serial('If the new account cannot connect, init drops it and writes no file.', async (t) => {
  const setup = await createSetup(t);
  const account = `${setup.name}.far@192.0.2.1`;
  const { code, stderr } = await runInit(setup, '--yes', '--account', account);
  t.is(code, 2);
  t.regex(stderr, /an account that can connect from here, got \S+, which the server refused/);
  t.true(stderr.includes(`Try --account '${setup.name}.far'@'%'`));
  t.deepEqual(await accounts(setup), []);
  await t.throwsAsync(stat(setup.envFile), { code: 'ENOENT' });
  t.is((await runInit(setup, '--yes', '--account', `${setup.name}.far`)).code, 0);
});

test.serial('init refuses files of TLS, which a URL cannot name.', async (t) => {
  const setup = await createSetup(t);
  const pem = join(dirname(setup.envFile), 'ca.pem');
  await writeFile(pem, '');
  const { code, stderr } = await runInit(setup, '--yes', '--ssl-ca', pem);
  t.is(code, 2);
  t.regex(stderr, /`--ssl-ca` to be left out, because MYSQL_URL cannot name files/);
});

testAtTerminal('A typed text that is no URL is wrong usage.', async (t) => {
  const { envFile } = await createSetup(t);
  const { code, screen } = await runAtTerminal(
    ['init', '--write', envFile],
    { HOME: tmpdir() },
    { question: 'URL of the server', keys: 'localhost\r' },
  );
  t.is(code, 2);
  t.regex(screen, /Expected `--url` to be/);
});

testAtTerminal(
  'At a terminal, init asks for what is missing, and the answer no changes nothing.',
  async (t) => {
    const setup = await createSetup(t);
    const ask = (last: string) =>
      runAtTerminal(
        ['init', '--write', setup.envFile],
        { HOME: tmpdir() },
        { question: 'URL of the server', keys: `${setup.server}\r` },
        { question: 'Database to create', keys: `${setup.name}\r` },
        { question: 'Continue?', keys: `${last}\r` },
        { question: 'GRANT EXECUTE ON PROCEDURE `sess_version` TO', keys: 'n\r' },
      );
    const looked = await ask('s');
    t.regex(looked.screen, /CREATE TABLE .*CREATE USER .*\(random\).*GRANT EXECUTE/s);
    const refused = await ask('n');
    t.is(refused.code, 1);
    t.regex(refused.screen, /Canceled\. Nothing was changed\./);
    t.deepEqual([await databases(setup), await accounts(setup)], [[], []]);
    const accepted = await ask('y');
    t.is(accepted.code, 0);
    // No other user can see what a user types at a prompt.
    t.notRegex(accepted.screen, /warning/);
    t.is((await databases(setup)).length, 1);
  },
);
