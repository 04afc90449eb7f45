import { type Command, CommanderError } from 'commander';
import { errno, isLoginRefused } from '../../database/error-codes';
import { ArgumentError, DatabaseError } from '../../errors';
import { quoteIdentifier } from '../../util/identifiers';
import type { OutputFlags } from './command-options';
import { printMessage, printResult, styleMessage } from './output';
import { processContext } from './process-context';

/** A user pressed Ctrl-C or Ctrl-D at a prompt. */
export class PromptInterruptedError extends Error {
  constructor() {
    super('interrupted: nothing was changed');
  }
}

export const exitCodes = { done: 0, failed: 1, usage: 2, findings: 3, interrupted: 130 } as const;

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  if (error instanceof PromptInterruptedError) {
    return exitCodes.interrupted;
  }
  return error instanceof ArgumentError ? exitCodes.usage : exitCodes.failed;
}

/** Prints an error of a command to stderr, without a stack and without passwords. */
export function reportError(error: unknown, command: Command): void {
  // Commander has printed its errors already.
  if (error instanceof CommanderError) {
    return;
  }
  printMessage(`${styleMessage('red', 'error:')} ${redact(messageOf(error, command))}`);
}

/** Reports that no live session has the id that a user gave. `document` is the result as JSON. */
export function reportMissingSession(flags: OutputFlags, document: unknown): void {
  if (flags.json) {
    printResult(flags, document, String);
  }
  printMessage('No live session has this id.');
  processContext().exitCode = exitCodes.failed;
}

/** Removes the password from every URL in a text. Errors repeat what a user typed. */
export function redact(text: string): string {
  return text.replace(/(:\/\/[^\s:@/]*):\S*@/g, '$1:***@');
}

/** Where a command connects to. */
export interface Destination {
  /** Host and port, or the path of a socket. */
  readonly address: string;
  readonly database: string;
}

/** Returns an error that says why the connection failed. Returns every other error unchanged. */
export function explainConnectionError(error: unknown, destination: Destination): unknown {
  const explanation = error instanceof DatabaseError && explain(error, destination);
  return explanation ? new DatabaseError(explanation, error, { cause: error }) : error;
}

function messageOf(error: unknown, command: Command): string {
  if (error instanceof ArgumentError) {
    return withOptionName(error, command);
  }
  return error instanceof Error ? error.message : String(error);
}

// The library names an argument `sidColumn`. A user of the command knows it as --sid-column.
function withOptionName({ argument, message }: ArgumentError, command: Command): string {
  const option = command.options.find((known) => known.attributeName() === argument);
  return option?.long ? message.replace(`\`${argument}\``, `\`${option.long}\``) : message;
}

function explain(
  { code, errno: number, message }: DatabaseError,
  { address, database }: Destination,
): string | undefined {
  if (isLoginRefused(number)) {
    return (
      `${message}. Check the password in the URL, the option file or MYSQL_PWD, or enter it ` +
      'with -p. If the account requires TLS, add --ssl-mode REQUIRED'
    );
  }
  if (number === errno.unknownDatabase) {
    return (
      `${message} at ${address}. Create it first: CREATE DATABASE ` +
      `${quoteIdentifier(database)};`
    );
  }
  switch (code) {
    case 'ECONNREFUSED':
      return `${address} refuses connections. Is the server running?`;
    case 'ERR_SOCKET_NOT_FOUND':
      return `The socket ${address} does not exist. Is the server running?`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host name of ${address} cannot be resolved. Check the URL or the option file`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${address} does not answer. Check the host, the port and the firewall`;
    case 'PROTOCOL_CONNECTION_LOST':
    case 'ECONNRESET':
      return `${address} closed the connection. Completed steps are kept. Run the command again`;
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return (
        `${address} offers no TLS, but the SSL mode requires it. Enable TLS on the server, or ` +
        'connect without it: --ssl-mode DISABLED'
      );
    case 'HANDSHAKE_SSL_ERROR':
      return `TLS with ${address} failed: ${message}`;
    default:
      return undefined;
  }
}
