import test from 'ava';
import { install } from '../../../src/install';
import { createShellFolder, hasDumpProgram, openShell } from '../../support/dba-shell';
import { createInstallation } from '../installation';
import { allOptions, assertRestored, createCommand, dropCommand, dump, loadCommand } from './drill';

const inShell = hasDumpProgram ? test : test.skip;

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
