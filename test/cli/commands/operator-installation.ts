import type { ExecutionContext } from 'ava';
import { addAttribute } from '../../../src/install';
import { createInstallation, type TestInstallation } from '../../install/installation';
import { type Outcome, runCli } from '../run-cli';

export interface OperatorInstallation extends TestInstallation {
  /** Runs a command as an account that has only the role operator. */
  readonly run: (...args: string[]) => Promise<Outcome>;
}

/** Creates an installation with an attribute `user` and the sessions a to d. */
export async function createOperatorInstallation(
  t: ExecutionContext,
): Promise<OperatorInstallation> {
  const installation = await createInstallation(t, ['operator']);
  await addAttribute(
    { connection: installation.url },
    { name: 'user', path: '$.user', type: 'VARCHAR(20)' },
  );
  for (const [sid, sess] of Object.entries({
    a: '{"user":42,"note":"größe"}',
    b: '{"user":"42 "}',
    c: '{"user":42}',
    d: '{"user":"x=y"}',
  })) {
    await installation.query('CALL sess_set(?, ?, 3600000)', [Buffer.from(sid), Buffer.from(sess)]);
  }
  return {
    ...installation,
    run: (...args) => runCli(args, { MYSQL_URL: installation.account.url }),
  };
}

/** Matches a time as the commands print it. */
export const timePattern = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?`;
