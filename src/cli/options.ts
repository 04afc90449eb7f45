import { type Command, Option } from 'commander';
import { namesOf } from '../install/names';
import { sslModes } from '../ssl-mode';

export interface OutputFlags {
  readonly json?: boolean;
}

export interface DefinerFlags {
  readonly definer?: 'current';
}

const defaults = namesOf();

export function withConnection(command: Command): Command {
  return command
    .optionsGroup('Connection:')
    .addOption(
      new Option('--url <url>', 'such as mysql://dba@db.example/shop; with its database').env('MYSQL_URL'),
    )
    .option('-p, --password', 'ask for the password, without echo')
    .option('--socket <path>', "the server's socket, instead of host and port")
    .option(
      '--ssl-mode <mode>',
      `${sslModes.join(', ')}, as for the mysql client (default: VERIFY_CA with --ssl-ca, else as the URL says)`,
    )
    .option('--ssl-ca <file>', "certificate of the authority that signed the server's")
    .option('--ssl-cert <file>', "the client's certificate")
    .option('--ssl-key <file>', "the client's key");
}

export function withNaming(command: Command): Command {
  return withPrefix(
    command.optionsGroup('Names:').option('--table <name>', 'the table', defaults.table),
  ).option('--sid-column <name>', "the table's column for the session's id", defaults.sidColumn);
}

export function withDefiner(command: Command): Command {
  return command
    .optionsGroup('Managed servers:')
    .addOption(
      new Option(
        '--definer <who>',
        'current: the routines run as the account that installs them, where nobody may name another one; remembered (default: a locked account that can do nothing else)',
      ).choices(['current']),
    );
}

export function withPrefix(command: Command): Command {
  return command
    .optionsGroup('Names:')
    .option('--prefix <text>', 'what the name of every routine starts with', defaults.prefix);
}

export function withJson(command: Command): Command {
  return command.optionsGroup('Output:').option('--json', 'the result as JSON');
}

export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText(
    'after',
    ['', 'Examples:', ...examples.map((example) => `  $ ${example}`)].join('\n'),
  );
}
