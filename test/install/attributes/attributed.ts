import type { ExecutionContext } from 'ava';
import { type Attribute, addAttribute, type Role } from '../../../src/install';
import { createInstallation, type TestInstallation } from '../installation';

export const userId: Attribute = { name: 'user_id', path: '$.user.id', type: 'VARCHAR(64)' };

/** Creates an installation with attributes, and an account with these roles. */
export async function createAttributed(
  t: ExecutionContext,
  attributes: readonly Attribute[] = [userId],
  roles: readonly Role[] = ['application', 'operator'],
): Promise<TestInstallation> {
  const installation = await createInstallation(t, roles);
  for (const attribute of attributes) {
    await addAttribute({ connection: installation.url }, attribute);
  }
  return installation;
}

/** Returns the ids of the sessions that a find returns, in its order. */
export async function found(
  { ask }: Pick<TestInstallation, 'ask'>,
  attribute: string,
  value: string,
): Promise<string[]> {
  const rows = await ask(`CALL sess_find_${attribute}(?, '', 1000)`, [Buffer.from(value)]);
  return rows.map(([sid]) => String(sid));
}

export async function save(
  { ask }: Pick<TestInstallation, 'ask'>,
  sid: string,
  session: unknown,
): Promise<void> {
  await ask('CALL sess_set(?, ?, 60000)', [Buffer.from(sid), Buffer.from(JSON.stringify(session))]);
}
