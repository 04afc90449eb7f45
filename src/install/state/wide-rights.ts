import { quoteIdentifier } from '../../util/identifiers';
import type { ConnectedConfig } from '../install-config';
import { coversDatabase, createScope } from '../privileges/scope';
import { type Account, formatAccount } from '../sql/account';

/** Rights on a whole database or the whole server with which an account reaches the sessions. */
export interface WideRight {
  readonly account: Account;
  /** Such as `SELECT` and `EXECUTE`. */
  readonly privileges: readonly string[];
  /** The object: `*.*`, or a database, whose name may be a pattern: `` `shop\_%`.* ``. */
  readonly on: string;
}

/** Privileges that read, change or lock out tables. */
export const tablePrivileges = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'DROP', 'ALTER', 'TRIGGER'];

/** Privileges that run or replace routines. */
export const routinePrivileges = ['EXECUTE', 'ALTER ROUTINE'];

/** Who has one of these for the whole server can grant itself anything. */
const administration = ['SUPER', 'CREATE USER'];

/** Reads the rights on the whole database or server, without those of administrators. */
export async function readWideRights(config: ConnectedConfig): Promise<WideRight[]> {
  const { connection } = config;
  const scope = createScope(config, []);
  const onServer = await connection.query(
    'SELECT grantee, privilege_type FROM information_schema.user_privileges',
  );
  const onDatabases = await connection.query(
    'SELECT grantee, privilege_type, table_schema FROM information_schema.schema_privileges',
  );
  const administrators = onServer
    .filter(([, privilege]) => administration.includes(String(privilege)))
    .map(([grantee]) => grantee);
  const rights = new Map<string, { account: Account; privileges: string[]; on: string }>();
  for (const [grantee, name, schema] of [...onServer, ...onDatabases]) {
    const on = schema === undefined ? '*.*' : `${quoteIdentifier(String(schema))}.*`;
    const privilege = String(name);
    const isReaching =
      [...tablePrivileges, ...routinePrivileges].includes(privilege) &&
      (on === '*.*' || coversDatabase(on, config.database, scope));
    if (isReaching && !administrators.includes(grantee)) {
      const account = parseGrantee(String(grantee));
      const key = `${formatAccount(account)} ${on}`;
      const known = rights.get(key) ?? { account, privileges: [], on };
      rights.set(key, known);
      known.privileges.push(privilege);
    }
  }
  return [...rights.values()];
}

// information_schema writes 'user'@'host', and escapes no quote in it.
function parseGrantee(grantee: string): Account {
  const at = grantee.lastIndexOf("'@'");
  return at < 0
    ? { user: grantee.replace(/^'|'$/g, ''), host: '' }
    : { user: grantee.slice(1, at), host: grantee.slice(at + 3, -1) };
}
