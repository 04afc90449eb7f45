import type { Command } from 'commander';
import {
  addAttribute as add,
  dropAttribute as drop,
  type InstallOptions,
  type Naming,
  planAttribute,
  planAttributeRemoval,
  status,
} from '../install';
import { type ConnectionFlags, connected } from './connection';
import { type OutputFlags, withConnection, withExamples, withJson, withNaming } from './options';
import { count, print, printJson, table } from './output';
import { reportSteps } from './progress';

interface AttributeFlags extends ConnectionFlags, Naming, OutputFlags {
  readonly plan?: boolean;
}

interface AddFlags extends AttributeFlags {
  readonly path: string;
  readonly type: string;
}

export function addAttribute(program: Command): void {
  const command = program
    .command('attribute')
    .summary('let sessions be found and ended by something in them')
    .description(
      "Lets sessions be found and ended by something in them, such as a user's id. Each attribute is a generated column with an index, and two routines: sess_find_NAME and sess_destroy_NAME. The table stays in use, and upgrades keep it.",
    );
  addAdd(command);
  addList(command);
  addDrop(command);
}

function addAdd(parent: Command): void {
  const command = parent
    .command('add')
    .summary('make an attribute')
    .description(
      'Makes an attribute, while the table is in use. It can be run again after a failure. A session whose value is too long or of another type can be saved, but not found by it; doctor counts those.',
    )
    .argument('<name>', 'of its column and its routines: at most 30 of a-z, 0-9 and _')
    .requiredOption('--path <path>', 'where a session has it, such as $.user.id')
    .requiredOption(
      '--type <type>',
      'VARCHAR(n), for texts and integers, or INT, BIGINT, each with or without UNSIGNED, for integers alone',
    );
  withExamples(withNames(command), [
    "knex-mysql-session attribute add user_id --path '$.user.id' --type 'VARCHAR(64)'",
    "knex-mysql-session attribute add tenant --path '$.tenant' --type 'BIGINT UNSIGNED' --plan",
  ]).action((name: string, flags: AddFlags) => {
    const attribute = { name, path: flags.path, type: flags.type };
    return change(flags, 'is there', {
      plan: (options) => planAttribute(options, attribute),
      run: (options, listener) => add(options, attribute, listener),
      name,
    });
  });
}

function addDrop(parent: Command): void {
  const command = parent
    .command('drop')
    .summary('take an attribute away')
    .description('Takes an attribute away, with its routines and the grants on them. No session is changed.')
    .argument('<name>', 'the attribute');
  withExamples(withNames(command), ['knex-mysql-session attribute drop user_id']).action(
    (name: string, flags: AttributeFlags) =>
      change(flags, 'is gone', {
        plan: (options) => planAttributeRemoval(options, name),
        run: (options, listener) => drop(options, name, listener),
        name,
      }),
  );
}

function addList(parent: Command): void {
  const command = parent
    .command('list')
    .summary('show the attributes')
    .description('Shows the attributes. Changes nothing.');
  withExamples(withJson(withNaming(withConnection(command))), ['knex-mysql-session attribute list']).action(
    async (flags: ConnectionFlags & Naming & OutputFlags) => {
      const { attributes } = await connected(flags, (connection) => status({ ...flags, connection }));
      if (flags.json) {
        printJson(attributes);
      } else {
        print(
          attributes.length === 0
            ? 'No attributes yet: knex-mysql-session attribute add NAME makes one.'
            : table(
                attributes.map(({ name, path, type }) => [name, path, type]),
                ['Attribute', 'Path', 'Type'],
              ),
        );
      }
    },
  );
}

function withNames(command: Command): Command {
  return withJson(
    withNaming(withConnection(command.option('--plan', 'print the SQL as a script, and run nothing'))),
  );
}

interface Change {
  readonly name: string;
  readonly plan: (options: InstallOptions) => Promise<string>;
  readonly run: (options: InstallOptions, listener: ReturnType<typeof reportSteps>) => Promise<string[]>;
}

async function change(flags: AttributeFlags, outcome: string, { name, plan, run }: Change): Promise<void> {
  if (flags.plan) {
    process.stdout.write(await connected(flags, (connection) => plan({ ...flags, connection })));
    return;
  }
  const report = reportSteps();
  const steps = await connected(flags, (connection) =>
    run({ ...flags, connection }, report).finally(report.stop),
  );
  if (flags.json) {
    printJson({ attribute: name, steps });
  } else {
    print(
      steps.length === 0
        ? `Nothing to do: the attribute ${name} ${outcome}.`
        : `The attribute ${name} ${outcome}: ${count(steps.length, 'step')} done.`,
    );
  }
}
