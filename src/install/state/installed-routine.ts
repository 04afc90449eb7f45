import { quoteIdentifier } from '../../util/identifiers';
import type { ConnectedConfig } from '../install-config';
import { type Account, parseStoredAccount } from '../sql/account';
import { isOwnComment } from '../sql/names';

/** A procedure of the database, as the server has it. */
export interface InstalledRoutine {
  /** As it was created. The server ignores its letter case. */
  readonly name: string;
  /** Whether it belongs to the table: its comment says so. */
  readonly isOwn: boolean;
  /** The parameters as in SHOW CREATE PROCEDURE; `undefined` if this account may not see it. */
  readonly parameters: string | undefined;
  /** `undefined` if this account may not see it. */
  readonly body: string | undefined;
  readonly comment: string;
  readonly security: string;
  readonly isDeterministic: boolean;
  readonly access: string;
  /** The settings it was created with, where they are not those of this connection. */
  readonly otherSettings: readonly string[];
  readonly definer: Account;
  /** When it was created, on the server's clock. To alter a routine does not change it. */
  readonly created: string;
}

/** The expression for the creation of a routine, in information_schema.routines. */
export const creationTime = "DATE_FORMAT(created, '%Y-%m-%dT%TZ')";

const settings = ['sql_mode', 'character_set_client', 'collation_connection'];

/** The expression for the settings of a routine or an event that differ from the connection's. */
export const otherSettings = `CONCAT_WS(';', ${settings
  .map((name) => `IF(${name} = @@SESSION.${name}, NULL, CONCAT('${name} ', ${name}))`)
  .join(', ')})`;

export function parseOtherSettings(text: string): string[] {
  return text === '' ? [] : text.split(';');
}

/** Reads the procedures whose name has the prefix. */
export async function readRoutines(config: ConnectedConfig): Promise<InstalledRoutine[]> {
  const { connection, names } = config;
  const rows = await connection.query(
    `SELECT routine_name, routine_definition, routine_comment, security_type, is_deterministic,
       sql_data_access, definer, ${creationTime}, ${otherSettings}
     FROM information_schema.routines
     WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'
       AND LEFT(LOWER(routine_name), ?) = LOWER(?)`,
    [names.prefix.length, names.prefix],
  );
  const routines: InstalledRoutine[] = [];
  for (const row of rows) {
    const [, body] = row;
    const [name = '', , comment = '', security = '', deterministic, access = '', ...rest] =
      row.map(String);
    const [definer = '', created = '', settings = ''] = rest;
    const isOwn = isOwnComment(names, comment);
    routines.push({
      name,
      isOwn,
      parameters: isOwn ? await readParameters(config, name) : undefined,
      body: typeof body === 'string' ? body : undefined,
      comment,
      security,
      isDeterministic: deterministic === 'YES',
      access,
      otherSettings: parseOtherSettings(settings),
      definer: parseStoredAccount(definer),
      created,
    });
  }
  return routines;
}

async function readParameters(
  { connection }: ConnectedConfig,
  name: string,
): Promise<string | undefined> {
  const [row] = await connection.query(`SHOW CREATE PROCEDURE ${quoteIdentifier(name)}`);
  // A characteristic follows, in capitals. A type can also end with a parenthesis.
  return / PROCEDURE `(?:[^`]|``)+`\((.*?)\)\n\s*[A-Z]/s.exec(String(row?.[2]))?.[1];
}
