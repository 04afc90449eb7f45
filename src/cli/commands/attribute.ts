import type { Command } from 'commander';
import { attributeRoles } from '../../contract';
import {
  addAttribute,
  dropAttribute,
  type InstallOptions,
  type ProgressListener,
  status,
} from '../../install';
import { formatCommand } from '../../install/command';
import { addExamples, addInstallOptions, type InstallFlags } from '../support/command-options';
import { withInstallOptions } from '../support/connection';
import { formatTable, pluralize, printMessage, printResult } from '../support/output';
import { printPlan } from '../support/plan-output';
import { withStepProgress } from '../support/progress';

interface ChangeFlags extends InstallFlags {
  readonly plan?: boolean;
}

interface AddFlags extends ChangeFlags {
  readonly path: string;
  readonly type: string;
}

export function registerAttribute(program: Command): void {
  const command = program
    .command('attribute')
    .summary('add, list or drop attributes of sessions')
    .description(
      'Manages attributes. An attribute is a value in a session, such as a user id, by which ' +
        'sessions can be found, counted, limited and ended. It has an indexed column, and four ' +
        'routines such as sess_find_NAME. Upgrades keep attributes.',
    );
  registerAdd(command);
  registerList(command);
  registerDrop(command);
}

function registerAdd(parent: Command): void {
  const command = parent
    .command('add')
    .summary('add an attribute')
    .description(
      'Adds an attribute while the table stays in use. After a failure, run it again. A ' +
        'session whose value is too long or of another type can be saved, but not found by it. ' +
        'The command doctor counts such sessions.',
    )
    .argument(
      '<name>',
      'name of the column, and part of the routine names: up to 30 of a-z, 0-9, _',
    )
    .requiredOption('--path <path>', 'JSON path of the value in a session, such as $.user.id')
    .requiredOption(
      '--type <type>',
      'VARCHAR(n) for strings and integers; INT, BIGINT, INT UNSIGNED or BIGINT UNSIGNED for ' +
        'integers only',
    );
  addExamples(addChangeOptions(command), [
    "knex-mysql-session attribute add user_id --path '$.user.id' --type 'VARCHAR(64)'",
    "knex-mysql-session attribute add tenant --path '$.tenant' --type 'BIGINT UNSIGNED' --plan",
  ]).action(async (name: string, flags: AddFlags) => {
    const attribute = { name, path: flags.path, type: flags.type };
    if (flags.plan) {
      await printPlan(flags, { action: 'addAttribute', attribute });
      return;
    }
    const steps = await change(flags, (options, listener) =>
      addAttribute(options, attribute, listener),
    );
    printResult(flags, { attribute: name, steps }, () =>
      steps.length === 0
        ? `Nothing to do: the attribute ${name} exists.`
        : `Attribute ${name} added: ${pluralize(steps.length, 'step')} done.`,
    );
    if (steps.length > 0 && !flags.json) {
      const [first, ...others] = attributeRoles(name);
      const next = formatCommand(`grant ACCOUNT --role ${first}`, flags);
      printMessage(`Next: ${next} (or ${others.join(', ')})`);
    }
  });
}

function registerList(parent: Command): void {
  const command = parent
    .command('list')
    .summary('list the attributes')
    .description('Lists the attributes. Changes nothing.');
  addExamples(addInstallOptions(command), ['knex-mysql-session attribute list']).action(
    async (flags: InstallFlags) => {
      const { attributes } = await withInstallOptions(flags, status);
      printResult(flags, attributes, () =>
        attributes.length === 0
          ? 'No attributes. ' +
            `Add one: ${formatCommand('attribute add NAME --path PATH --type TYPE', flags)}`
          : formatTable(
              attributes.map(({ name, path, type }) => [name, path, type]),
              ['Attribute', 'Path', 'Type'],
            ),
      );
    },
  );
}

function registerDrop(parent: Command): void {
  const command = parent
    .command('drop')
    .summary('drop an attribute')
    .description(
      'Drops an attribute with its column, index, routines and grants. The sessions do not change.',
    )
    .argument('<name>', 'name of the attribute');
  addExamples(addChangeOptions(command), ['knex-mysql-session attribute drop user_id']).action(
    async (name: string, flags: ChangeFlags) => {
      if (flags.plan) {
        await printPlan(flags, { action: 'dropAttribute', name });
        return;
      }
      const steps = await change(flags, (options, listener) =>
        dropAttribute(options, name, listener),
      );
      printResult(
        flags,
        { attribute: name, steps },
        () => `Attribute ${name} dropped: ${pluralize(steps.length, 'step')} done.`,
      );
    },
  );
}

function addChangeOptions(command: Command): Command {
  return addInstallOptions(
    command.option('--plan', 'print the SQL without running it: a script, or steps with --json'),
  );
}

function change(
  flags: ChangeFlags,
  run: (options: InstallOptions, listener: ProgressListener) => Promise<string[]>,
): Promise<string[]> {
  return withInstallOptions(flags, (options) =>
    withStepProgress((listener) => run(options, listener)),
  );
}
