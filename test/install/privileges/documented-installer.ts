import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { DatabaseError } from '../../../src/errors';
import { createDatabase, type TestAccount, type TestDatabase } from '../../support/database';

/** A GRANT of docs/accounts.md. */
export interface DocumentedGrant {
  readonly statement: string;
  readonly privileges: readonly string[];
  readonly object: string;
  /** Whether only some need it: for the event, or for changes of the table. */
  readonly isFurther: boolean;
}

const page = readFileSync(join(__dirname, '../../../docs/accounts.md'), 'utf8');

/** What docs/accounts.md says of the account that installs. */
export const section = page.split('\n## The account that installs\n')[1]?.split('\n## ')[0] ?? '';

export const documentedGrants: readonly DocumentedGrant[] = [
  ...section.matchAll(/^GRANT (?<privileges>[\w ,]+?)\s+ON (?<object>\S+) TO [^;]*;$/gm),
].map(([statement, privileges = '', object = '']) => ({
  statement: statement.slice(0, -1),
  privileges: privileges.split(', '),
  object,
  isFurther: ['EVENT', 'ALTER'].includes(privileges),
}));

/** A database, and an account with what the page says that an installer needs. */
export interface Installer extends TestDatabase {
  readonly account: TestAccount;
  /** What the account was granted, of what the page has for this server: privilege and object. */
  readonly granted: ReadonlyArray<readonly [privilege: string, object: string]>;
}

export async function createInstaller(
  t: ExecutionContext,
  chosen: (grant: DocumentedGrant) => boolean = () => true,
): Promise<Installer> {
  const database = await createDatabase(t);
  const account = await database.createAccount();
  const granted: Array<[string, string]> = [];
  for (const { statement, privileges, object } of documentedGrants.filter(chosen)) {
    const on = object.replace('shop', database.name);
    const mine = statement.replace(object, on).replace('`installer`@`%`', account.name);
    if (await isForThisServer(database, mine)) {
      granted.push(...privileges.map((privilege): [string, string] => [privilege, on]));
    }
  }
  return { ...database, account, granted };
}

// Each server has names for rights that the other does not understand.
async function isForThisServer({ query }: TestDatabase, statement: string): Promise<boolean> {
  const parseError = 1064;
  try {
    await query(statement);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.errno === parseError) {
      return false;
    }
    throw error;
  }
}

export async function revokeFrom(
  { query, account }: Installer,
  privilege: string,
  object: string,
): Promise<void> {
  await query(`REVOKE ${privilege} ON ${object} FROM ${account.name}`);
}
