import { grant, install } from '../../../src/install';
import { createShellFolder, inShell, openShell } from '../../support/dba-shell';
import { createInstallation } from '../installation';
import {
  allOptions,
  assertRestored,
  createCommand,
  dropCommand,
  dump,
  loadCommand,
  openSessions,
} from './drill';

for (const options of [allOptions, '']) {
  for (const isDropped of [false, true]) {
    const place = isDropped ? 'after DROP DATABASE' : 'over the installation';
    inShell(
      `One migrate repairs what a dump${options && ` ${options}`} leaves ${place}.`,
      async (t) => {
        const installation = await createInstallation(t, ['application']);
        const { name, url, account } = installation;
        const shell = await openShell(await createShellFolder(t), { url }, { shop: name });
        await dump(t, installation, shell, options);
        if (isDropped) {
          await shell.run(dropCommand(shell.flavor, 'shop'));
          await shell.run(createCommand(shell.flavor, 'shop'));
        }
        await shell.run(loadCommand(shell.flavor, 'shop'));
        await install({ connection: url });
        await assertRestored(t, url, account.url);
      },
    );
  }
}

inShell('An account that did not exist at the restore gets its role later.', async (t) => {
  const installation = await createInstallation(t, []);
  const { name, query, url, account } = installation;
  await grant({ connection: url }, account.name);
  const shell = await openShell(await createShellFolder(t), installation, { shop: name });
  await dump(t, installation, shell, allOptions);
  await query(`DROP USER ${account.name}`);
  await shell.run(loadCommand(shell.flavor, 'shop'));
  await install({ connection: url });
  await query(`CREATE USER ${account.name} IDENTIFIED BY '${new URL(account.url).password}'`);
  await install({ connection: url });
  await assertRestored(t, url, account.url);
});

inShell('After TRUNCATE TABLE, no session of the dump lives again.', async (t) => {
  const installation = await createInstallation(t, ['application']);
  const { name, query, url, account } = installation;
  const shell = await openShell(await createShellFolder(t), installation, { shop: name });
  await dump(t, installation, shell, '');
  await shell.run(loadCommand(shell.flavor, 'shop'));
  await query('TRUNCATE TABLE sessions');
  t.deepEqual(await install({ connection: url }), []);
  t.is(await openSessions(t, account.url).get('dumped'), null);
});
