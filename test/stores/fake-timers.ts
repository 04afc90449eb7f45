import { addAttribute, grant } from '../../src/install';
import type { Scope } from '../support/scope';
import { createInstallation } from '../support/store';

/** Installs, and returns the URL of an account that may call every routine. */
export async function createFullInstallation(scope: Scope): Promise<string> {
  const { url, accountUrl } = await createInstallation(scope);
  await addAttribute({ connection: url }, { name: 'user', path: '$.user', type: 'VARCHAR(64)' });
  const user = decodeURIComponent(new URL(accountUrl).username);
  await grant({ connection: url }, `${user}@%`, 'operator');
  return accountUrl;
}
