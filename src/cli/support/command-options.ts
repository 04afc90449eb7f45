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

/** The flags that name option files of the servers' clients. */
export interface OptionFileFlags {
  readonly defaultsFile?: string;
  readonly defaultsExtraFile?: string;
  readonly defaultsGroupSuffix?: string;
}

export interface ConnectionFlags extends TlsFlags, OptionFileFlags {
  readonly url?: string;
  readonly envFile?: string;
  readonly password?: boolean;
  readonly socket?: string;
}

/** The flags of a command that connects to one database. */
export interface DatabaseFlags extends ConnectionFlags {
  readonly database?: string;
}

/** The flags of a command that can work on several databases. */
export interface DatabasesFlags extends DatabaseFlags, OutputFlags {
  readonly databases?: string;
}

export interface OutputFlags {
  readonly json?: boolean;
}

/** The flags of a command that works on an installation. */
export interface InstallFlags extends DatabaseFlags, Naming, OutputFlags {}

/** The flags of a command that only calls routines. */
export interface RoutineFlags extends DatabaseFlags, OutputFlags {
  readonly prefix?: string;
}

export interface DefinerFlags {
  readonly definer?: 'current';
}

export interface CopyFlags {
  readonly keepGrants?: boolean;
}

export interface EventFlags {
  /** Undefined if neither --event nor --no-event is given. */
  readonly event?: boolean;
  readonly every?: string;
}

/** Adds the options of a command that works on an installation. */
export function addInstallOptions(command: Command): Command {
  return addJsonOption(addNamingOptions(addDatabaseOption(addConnectionOptions(command))));
}

/** Adds the options of a command that only calls routines. */
export function addRoutineOptions(command: Command): Command {
  return addJsonOption(addPrefixOption(addDatabaseOption(addConnectionOptions(command))));
}

export function addConnectionOptions(command: Command): Command {
  return command
    .optionsGroup('Connection:')
    .option(
      '--url <url>',
      'URL of the database, such as mysql://dba@db.example/shop (default: MYSQL_URL, else ' +
        'DATABASE_URL, else ~/.my.cnf)',
    )
    .option('--env-file <file>', 'also read MYSQL_URL, DATABASE_URL and MYSQL_PWD from this file')
    .option('--defaults-file <file>', 'read this option file of the mysql client and no other')
    .option('--defaults-extra-file <file>', 'read this option file ahead of ~/.my.cnf')
    .option(
      '--defaults-group-suffix <text>',
      'also read the groups with this suffix: _prod reads [client] and [client_prod] ' +
        '(default: MYSQL_GROUP_SUFFIX)',
    )
    .option('-p, --password', 'ask for the password')
    .option('--socket <path>', 'Unix socket of the server, instead of host and port')
    .option(
      '--ssl-mode <mode>',
      `${sslModes.join(', ')} (default: ssl-mode of the URL or option file, else VERIFY_CA ` +
        'with --ssl-ca, else REQUIRED with --ssl-cert)',
    )
    .option('--ssl-ca <file>', "PEM file of the CA that signed the server's certificate")
    .option('--ssl-cert <file>', 'PEM file of the client certificate')
    .option('--ssl-key <file>', 'PEM file of the client key');
}

/** Adds the option for several databases to a command that reports a line for each. */
export function addDatabasesOption(command: Command): Command {
  return command
    .optionsGroup('Connection:')
    .option(
      '--databases <names>',
      "run on each of these databases: shop_1,shop_2 or 'tenant_%', where % is any text",
    );
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

export function addCopyOption(command: Command): Command {
  return command
    .optionsGroup('Copies:')
    .option(
      '--keep-grants',
      'in a copy under another database name, give the recorded roles to the accounts of the ' +
        'original (default: leave them out)',
    );
}

export function addExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText(
    'after',
    ['', 'Examples:', ...examples.map((example) => `  $ ${example}`)].join('\n'),
  );
}

export function addDatabaseOption(command: Command): Command {
  return command
    .optionsGroup('Connection:')
    .option('--schema, --database <name>', 'database (default: that of the URL or option file)');
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
