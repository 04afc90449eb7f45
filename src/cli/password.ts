import { ArgumentError } from '../errors';

/** Asks for a password at the terminal, on stderr, without showing what is typed. */
export async function askPassword(user: string): Promise<string> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new ArgumentError(
      'password',
      'asked for at a terminal (MYSQL_PWD holds it where there is none)',
      'no terminal',
    );
  }
  const { default: password } = await import('@inquirer/password');
  return password({ message: `Password of ${user}:` }, { output: process.stderr });
}

/**
 * Refuses a password that stands on the command line, where every user of the machine can read it. Asked
 * before the command line is parsed, whose errors would repeat it.
 */
export function refuseTypedPassword(argv: readonly string[]): void {
  if (argv.some((argument) => /^(?:-p.|--password=)/s.test(argument))) {
    throw new ArgumentError(
      '--password',
      'given without a value, to be asked for it, or as the environment variable MYSQL_PWD',
      'a value on the command line, where others can read it',
    );
  }
}
