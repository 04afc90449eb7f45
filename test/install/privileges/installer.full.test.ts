import test from 'ava';
import { Command } from 'commander';
import { registerCommands } from '../../../src/cli/commands';
import { InstallationError } from '../../../src/errors';
import { plan } from '../../../src/install';
import { createInstaller, documentedGrants, revokeFrom, section } from './documented-installer';
import { type CommandResults, runEveryCommand } from './installer-commands';

/** Commands for an administrator, or for accounts that have roles. They have their own tests. */
const commandsOfOthers = ['init', 'end', 'list', 'show', 'stats'];

test('The test runs all statements of docs/accounts.md.', (t) => {
  t.is(documentedGrants.length, [...section.matchAll(/^GRANT /gm)].length);
});

test.serial('The documented account can run every command.', async (t) => {
  const installer = await createInstaller(t);
  const { commands, failures } = await runEveryCommand(installer, { further: true });
  t.deepEqual(failures, []);
  const program = new Command();
  registerCommands(program);
  t.deepEqual(
    [...commands, ...commandsOfOthers].toSorted(),
    program.commands.map((command) => command.name()).toSorted(),
  );
});

test.serial('Without event and attributes, EVENT and ALTER are not needed.', async (t) => {
  const installer = await createInstaller(t, ({ isFurther }) => !isFurther);
  t.deepEqual((await runEveryCommand(installer, { further: false })).failures, []);
});

test.serial("With definer 'current', the privileges on *.* are not needed.", async (t) => {
  const installer = await createInstaller(t, ({ object }) => object !== '*.*');
  const extent = { further: true, definer: 'current' } as const;
  t.deepEqual((await runEveryCommand(installer, extent)).failures, []);
});

/** Returns the commands that failed without naming a privilege, or one line if none failed. */
function silentFailures({ failures }: CommandResults, privilege: string): string[] {
  const name = new RegExp(`\\b${privilege}\\b`, 'i');
  // Without an installation, the commands after the first fail for want of it.
  return failures.length === 0
    ? [`Everything works without ${privilege}`]
    : failures.some(({ output }) => name.test(output))
      ? []
      : failures.map(({ command, output }) => `${command}: ${output}`);
}

const onBothServers = documentedGrants
  .filter(({ object }) => object !== '*.*')
  .flatMap(({ privileges, object }) => privileges.map((privilege) => ({ privilege, object })));
for (const { privilege, object } of onBothServers) {
  test.serial(`Without ${privilege} ON ${object}, an error names it.`, async (t) => {
    const installer = await createInstaller(t);
    await revokeFrom(installer, privilege, object.replace('shop', installer.name));
    const results = await runEveryCommand(installer, { further: true });
    t.deepEqual(silentFailures(results, privilege), []);
  });
}

test.serial('Without any privilege ON *.* of this server, an error names it.', async (t) => {
  const { granted } = await createInstaller(t, ({ object }) => object === '*.*');
  t.not(granted.length, 0);
  for (const [privilege, object] of granted) {
    const installer = await createInstaller(t);
    await revokeFrom(installer, privilege, object);
    const results = await runEveryCommand(installer, { further: true });
    t.deepEqual(silentFailures(results, privilege), []);
  }
});

test.serial('Without GRANT OPTION, an error names it.', async (t) => {
  const installer = await createInstaller(t);
  await revokeFrom(installer, 'GRANT OPTION', `${installer.name}.*`);
  const results = await runEveryCommand(installer, { further: true });
  t.deepEqual(silentFailures(results, 'GRANT OPTION'), []);
});

test.serial('Without SELECT on mysql, the error shows the GRANT that is missing.', async (t) => {
  const installer = await createInstaller(t, ({ isFurther }) => !isFurther);
  await revokeFrom(installer, 'SELECT', '`mysql`.*');
  const options = { connection: installer.account.url };
  const error = await t.throwsAsync(plan(options), { instanceOf: InstallationError });
  const [, remedy = ''] = /An administrator runs: (GRANT .*);$/.exec(String(error?.message)) ?? [];
  await installer.query(remedy);
  t.not(await plan(options), '');
});
