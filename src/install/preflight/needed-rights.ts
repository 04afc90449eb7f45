import { quoteIdentifier } from '../../util/identifiers';
import type { InstallConfig } from '../install-config';
import { formatPrivilege, grantStatement, type Privilege } from '../privileges/privilege';
import { createScope, hasPrivilege } from '../privileges/scope';
import type { Installation } from '../state/installation';
import type { Step } from '../steps/step';

/** Returns what the installing account lacks to run these steps, with the GRANT for each. */
export function findMissingRights(
  config: InstallConfig,
  { installer, privileges, log }: Installation,
  steps: readonly Step[],
): string[] {
  // A role whose grants this account may not see can have the right.
  if (steps.length === 0 || privileges.some(({ name }) => name.startsWith('privileges not'))) {
    return [];
  }
  const scope = createScope(config, []);
  return neededRights(config, log === undefined, new Set(steps.map(({ kind }) => kind)))
    .filter((needed) => !needed.some((one) => hasPrivilege(privileges, one, scope)))
    .flatMap(([needed]) => {
      if (needed === undefined) return [];
      const grant = `An administrator runs: ${grantStatement(needed, installer)}`;
      // A managed server may grant it to no account.
      const otherwise = needed.name.startsWith('SET') ? ' Or use --definer current' : '';
      return [`The account lacks ${formatPrivilege(needed)}. ${grant}${otherwise}`];
    });
}

/** Returns the rights that these kinds of steps need. One of each list is enough. */
function neededRights(
  config: InstallConfig,
  isNew: boolean,
  kinds: ReadonlySet<Step['kind']>,
): Privilege[][] {
  const { currentDefiner, capabilities } = config;
  const literal = capabilities.databasesAreLiteral
    ? config.database
    : config.database.replace(/[\\_%]/g, '\\$&');
  const on = `${quoteIdentifier(literal)}.*`;
  const onDatabase = (...names: string[]) => names.map((name) => [{ name, on }]);
  const onServer = (...names: string[]) => names.map((name) => ({ name, on: '*.*' }));
  const setsDefiner = capabilities.readsMariaDbComments
    ? onServer('SET USER', 'SUPER')
    : onServer('SET_ANY_DEFINER', 'SET_USER_ID', 'SUPER');
  const ownsDefiner = !currentDefiner;
  return [
    ...onDatabase('SELECT', 'INSERT'),
    ...(isNew || kinds.has('migration') ? onDatabase('CREATE') : []),
    ...(kinds.has('table') || kinds.has('attribute') ? onDatabase('ALTER') : []),
    ...(kinds.has('routine') ? onDatabase('CREATE ROUTINE', 'ALTER ROUTINE', 'EXECUTE') : []),
    ...(kinds.has('event') ? onDatabase('EVENT') : []),
    ...(kinds.has('definer') ? [...onDatabase('UPDATE', 'DELETE'), onServer('CREATE USER')] : []),
    ...(kinds.has('definer') || kinds.has('grant') ? onDatabase('GRANT OPTION') : []),
    ...(ownsDefiner && (kinds.has('routine') || kinds.has('event')) ? [setsDefiner] : []),
  ];
}
