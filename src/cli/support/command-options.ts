import { type Command, Option } from 'commander';
import { sslModes } from '../../database/ssl-mode';
import type { Naming } from '../../install';
import { defaultEventInterval, maxEventInterval } from '../../install/install-config';
import { resolveNames } from '../../install/sql/names';

export interface TlsFlags {
  readonly sslMode?: string;
  readonly sslCa?: string;
  readonly sslCert?: string;
  readonly sslKey?: string;
}

export interface ConnectionFlags extends TlsFlags {
  readonly url?: string;
  readonly password?: boolean;
  readonly socket?: string;
}

export interface OutputFlags {
  readonly json?: boolean;
}

/** The flags of a command that works on an installation. */
export interface InstallFlags extends ConnectionFlags, Naming, OutputFlags {}

/** The flags of a command that only calls routines. */
export interface RoutineFlags extends ConnectionFlags, OutputFlags {
  readonly prefix?: string;
}

export interface DefinerFlags {
  readonly definer?: 'current';
}

export interface EventFlags {
  /** Undefined if neither --event nor --no-event is given. */
  readonly event?: boolean;
  readonly every?: string;
}

/** Adds the options of a command that works on an installation. */
export function addInstallOptions(command: Command): Command {
  return addJsonOption(addNamingOptions(addConnectionOptions(command)));
}

/** Adds the options of a command that only calls routines. */
export function addRoutineOptions(command: Command): Command {
  return addJsonOption(addPrefixOption(addConnectionOptions(command)));
}

export function addConnectionOptions(command: Command): Command {
  return command
    .optionsGroup('Connection:')
    .option(
      '--url <url>',
      'URL of the database, such as mysql://dba@db.example/shop (default: MYSQL_URL)',
    )
    .option('-p, --password', 'ask for the password')
    .option('--socket <path>', 'Unix socket of the server, instead of host and port')
    .option(
      '--ssl-mode <mode>',
      `${sslModes.join(', ')} (default: ssl-mode of the URL, else VERIFY_CA with --ssl-ca, ` +
        'else REQUIRED with --ssl-cert)',
    )
    .option('--ssl-ca <file>', "PEM file of the CA that signed the server's certificate")
    .option('--ssl-cert <file>', 'PEM file of the client certificate')
    .option('--ssl-key <file>', 'PEM file of the client key');
}

export function addNamingOptions(command: Command): Command {
  return addPrefixOption(
    command
      .optionsGroup('Names:')
      .option('--table <name>', `table of the sessions (default: ${installedElse(table)})`),
  ).option(
    '--sid-column <name>',
    `column of the session id (default: ${installedElse(sidColumn)})`,
  );
}

export function addDefinerOption(command: Command): Command {
  return command
    .optionsGroup('Definer:')
    .addOption(
      new Option(
        '--definer <account>',
        'run the routines as the installing account, on a server that allows no other definer; ' +
          'later runs keep this (default: a locked account with grants on this installation ' +
          'only)',
      ).choices(['current']),
    );
}

export function addEventOptions(command: Command): Command {
  return command
    .optionsGroup('Cleanup:')
    .option('--event', 'install an event that deletes expired sessions; later runs keep it')
    .option('--no-event', 'remove that event')
    .option(
      '--every <seconds>',
      `interval of the event, 1 to ${maxEventInterval} (default: the current interval, else ` +
        `${defaultEventInterval})`,
    );
}

export function addExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText(
    'after',
    ['', 'Examples:', ...examples.map((example) => `  $ ${example}`)].join('\n'),
  );
}

function addPrefixOption(command: Command): Command {
  return command
    .optionsGroup('Names:')
    .option('--prefix <text>', `prefix of the routine names (default: ${installedElse(prefix)})`);
}

const { table, prefix, sidColumn } = resolveNames();

/** Describes the default of a name: a command finds the only installation of the database. */
function installedElse(name: string): string {
  return `as installed, else ${name}`;
}

function addJsonOption(command: Command): Command {
  return command.optionsGroup('Output:').option('--json', 'print the result as JSON');
}
