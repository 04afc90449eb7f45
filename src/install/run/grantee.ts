import { InstallationError } from '../../errors';
import type { ConnectedConfig } from '../install-config';
import { formatPrivilege, readPrivileges } from '../privileges/privilege';
import { createScope, hasDatabasePrivilege } from '../privileges/scope';
import { type Account, formatAccount } from '../sql/account';
import { accountExists } from '../state/installed-account';

/**
 * Returns the account that gets a role. A role of the server can get one too: on MariaDB, it has no
 * host.
 *
 * @throws {InstallationError} if it does not exist, or may execute every routine already
 */
export async function findGrantee(config: ConnectedConfig, account: Account): Promise<Account> {
  const grantee = await findExisting(config, account);
  const privileges = await readPrivileges(config.connection, grantee);
  const scope = createScope(config, []);
  const wide = privileges.filter((one) => hasDatabasePrivilege([one], ['EXECUTE'], scope));
  if (wide.length > 0) {
    throw new InstallationError(
      `${formatAccount(grantee)} may execute every routine already: ` +
        `${wide.map(formatPrivilege).join(', ')}. A role would add nothing and protect nothing. ` +
        'Grant it to a separate account, without other privileges on the database',
    );
  }
  return grantee;
}

async function findExisting(
  { connection, capabilities }: ConnectedConfig,
  account: Account,
): Promise<Account> {
  if (await accountExists(connection, account)) {
    return account;
  }
  const role = { ...account, host: '' };
  const mayBeRole = account.host === '%' && capabilities.readsMariaDbComments;
  if (mayBeRole && (await accountExists(connection, role))) {
    return role;
  }
  const name = formatAccount(account);
  throw new InstallationError(
    `Expected the account ${name} to exist, but the server does not have it. Create it first:\n` +
      `  CREATE USER ${name} IDENTIFIED BY 'a secret password';`,
  );
}
