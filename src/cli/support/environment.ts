import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ArgumentError } from '../../errors';
import { processContext } from './process-context';

/**
 * Returns the variables of this run, and those of a file of `NAME=value` lines. A variable that is
 * set in both has the value of the environment, as with `node --env-file`.
 *
 * @throws {ArgumentError} if the file cannot be read
 */
export function readEnvironment(file: string | undefined): NodeJS.ProcessEnv {
  const { env } = processContext();
  return file === undefined ? env : { ...parseEnv(readEnvFile(file)), ...env };
}

function readEnvFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = Object(cause);
    throw new ArgumentError('env-file', 'a file that can be read', `${file} (${code})`, { cause });
  }
}
