import { type Command, CommanderError } from 'commander';
import { ArgumentError } from '../errors';
import { isInterruption } from './exit-code';
import { say, styled } from './output';
import { redact } from './redact';

/** Says what went wrong, in words and without a stack. */
export function reportError(error: unknown, command: Command): void {
  // The parser has said it already.
  if (error instanceof CommanderError) {
    return;
  }
  const message = isInterruption(error) ? 'interrupted: nothing was changed' : messageOf(error, command);
  say(`${styled('red', 'error:', process.stderr)} ${redact(message)}`);
}

function messageOf(error: unknown, command: Command): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error instanceof ArgumentError ? inTermsOfOptions(error, command) : error.message;
}

// The library speaks of `sidColumn`; on the command line it is `--sid-column`.
function inTermsOfOptions({ argument, message }: ArgumentError, command: Command): string {
  const option = command.options.find((known) => known.attributeName() === argument);
  return option?.long ? message.replace(`\`${argument}\``, `\`${option.long}\``) : message;
}
