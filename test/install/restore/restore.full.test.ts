import test, { type ExecutionContext } from 'ava';
import { addAttribute, grant, install } from '../../../src/install';
import { openDatabase } from '../../support/database';
import { createShellFolder, type DbaShell, inShell, openShell } from '../../support/dba-shell';
import { bootNamed, bootServer, type Server } from '../../support/servers';
import { createInstallation, type TestInstallation } from '../installation';
import {
  allOptions,
  assertRestored,
  createCommand,
  dropCommand,
  dump,
  editCommand,
  loadCommand,
  openSessions,
  urlOf,
  withoutSessions,
} from './drill';

// The tests need private servers: the event runs only with a setting of the whole server.
const flags = ['--event-scheduler=ON'];
/** The server of the dump, another one of its kind, and one of the other kind. */
let servers: { readonly own: Server; readonly fresh: Server; readonly foreign: Server };
test.before(async () => {
  const own = await bootServer({ flags });
  const fresh = await bootServer({ flags });
  const foreign = await bootNamed(own.flavor === 'mariadb' ? 'mysql-9.7' : 'mariadb-10.11', {
    flags,
  });
  servers = { own, fresh, foreign };
  process.env.MYSQL_URL = own.url;
});
test.after.always(() => Promise.all(Object.values(servers ?? {}).map((server) => server.stop())));

/** Everything that an installation can have. */
async function createFullInstallation(t: ExecutionContext): Promise<TestInstallation> {
  const installation = await createInstallation(t, ['application']);
  const connection = installation.url;
  await install({ connection, event: { every: 300 } });
  await addAttribute({ connection }, { name: 'user_id', path: '$.userId', type: 'VARCHAR(64)' });
  await grant({ connection }, installation.account.name, 'find_user_id');
  return installation;
}

interface Drill {
  readonly installation: TestInstallation;
  /** A shell on the server of the dump. */
  readonly shell: DbaShell;
  /** Opens a shell on another server, which has the account of the application. */
  openOther(server: Server): Promise<DbaShell>;
}

async function createDrill(t: ExecutionContext): Promise<Drill> {
  const installation = await createFullInstallation(t);
  const { name, account } = installation;
  const folder = await createShellFolder(t);
  const databases = { shop: name, shop_test: `${name}_test` };
  const shell = await openShell(folder, servers.own, databases);
  return {
    installation,
    shell,
    openOther: async (server) => {
      const { password } = new URL(account.url);
      await openDatabase(t, server.url).query(
        `CREATE USER ${account.name} IDENTIFIED BY '${password}'`,
      );
      return openShell(folder, server, databases);
    },
  };
}

/** Runs the one command, and asserts that everything works again. */
async function migrateAndAssert(
  t: ExecutionContext,
  url: string,
  accountUrl: string,
  keepGrants = false,
): Promise<void> {
  await install({ connection: url, keepGrants });
  await assertRestored(t, url, accountUrl);
  const found: string[] = [];
  for await (const { session } of openSessions(t, accountUrl).findBy('user_id', 'ada')) {
    found.push(session.userId);
  }
  t.deepEqual(found, ['ada']);
}

const targets: Readonly<Record<string, (t: ExecutionContext, drill: Drill) => Promise<void>>> = {
  'over the installation': async (t, { shell, installation: { url, account } }) => {
    await shell.run(loadCommand(shell.flavor, 'shop'));
    await migrateAndAssert(t, url, account.url);
  },
  'after DROP DATABASE': async (t, { shell, installation: { url, account } }) => {
    await shell.run(dropCommand(shell.flavor, 'shop'));
    await shell.run(createCommand(shell.flavor, 'shop'));
    await shell.run(loadCommand(shell.flavor, 'shop'));
    await migrateAndAssert(t, url, account.url);
  },
  'under another name': async (t, { shell, installation: { name, url, account } }) => {
    await shell.run(createCommand(shell.flavor, 'shop_test'));
    await shell.run(loadCommand(shell.flavor, 'shop_test'));
    const copy = { name: `${name}_test` };
    await migrateAndAssert(t, urlOf(url, copy), urlOf(account.url, copy), true);
  },
  'on a fresh server': async (t, { openOther, installation: { url, account } }) => {
    const other = await openOther(servers.fresh);
    await other.run(createCommand(other.flavor, 'shop'));
    await other.run(loadCommand(other.flavor, 'shop'));
    await migrateAndAssert(t, moved(url, servers.fresh), moved(account.url, servers.fresh));
  },
};

/** Returns a URL on another server: an administrator's account has another password there. */
function moved(url: string, server: Server): string {
  const { username } = new URL(url);
  const target = new URL(server.url);
  const account = username === target.username ? server.url : urlOf(url, { host: target.host });
  return urlOf(account, { name: new URL(url).pathname.slice(1) });
}

for (const transaction of ['--single-transaction', '']) {
  for (const routines of ['--routines', '']) {
    for (const events of ['--events', '']) {
      const options = [transaction, routines, events].filter(Boolean).join(' ');
      for (const [target, restore] of Object.entries(targets)) {
        inShell(`A dump ${options || 'without options'}, ${target}: one migrate.`, async (t) => {
          const drill = await createDrill(t);
          await dump(t, drill.installation, drill.shell, options);
          await restore(t, drill);
        });
      }
    }
  }
}

inShell('A dump without the sessions: one migrate creates an empty table.', async (t) => {
  const { installation, shell } = await createDrill(t);
  const { url, account } = installation;
  await dump(t, installation, shell, `${allOptions} ${withoutSessions}`);
  await shell.run(dropCommand(shell.flavor, 'shop'));
  await shell.run(createCommand(shell.flavor, 'shop'));
  await shell.run(loadCommand(shell.flavor, 'shop'));
  await install({ connection: url });
  const sessions = openSessions(t, account.url);
  t.is(await sessions.get('dumped'), null);
  await sessions.set('dumped', { userId: 'ada' }, 60_000);
  await assertRestored(t, url, account.url);
});

inShell('A dump of the tables, on a server of the other kind: one migrate.', async (t) => {
  const { installation, shell, openOther } = await createDrill(t);
  const { url, account } = installation;
  await dump(t, installation, shell, '--single-transaction');
  const other = await openOther(servers.foreign);
  await other.run(createCommand(other.flavor, 'shop'));
  await other.run(editCommand);
  await other.run(loadCommand(other.flavor, 'shop'));
  await migrateAndAssert(t, moved(url, servers.foreign), moved(account.url, servers.foreign));
});
