import { accessSync, appendFileSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseEnv } from 'node:util';
import { ArgumentError } from '../../errors';

/**
 * Checks that a variable can be added to a file of `NAME=value` lines, which need not exist.
 *
 * @param argument the option that names the file
 * @throws {ArgumentError} if the file has the variable already, or cannot be written
 */
export function assertCanAddVariable(argument: string, file: string, name: string): void {
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.R_OK | constants.W_OK);
  } catch (cause) {
    const { code } = Object(cause);
    throw new ArgumentError(argument, 'a file that can be written', `${file} (${code})`, { cause });
  }
  if (Object.hasOwn(parseEnv(textOf(file)), name)) {
    throw new ArgumentError(argument, `a file without ${name}`, `${file}, which has it`);
  }
}

/** Adds a variable at the end of a file. Only its owner can read a file that this creates. */
export function addVariable(file: string, name: string, value: string): void {
  const start = /[^\n]$/.test(textOf(file)) ? '\n' : '';
  appendFileSync(file, `${start}${name}=${value}\n`, { mode: 0o600 });
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
