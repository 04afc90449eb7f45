import { definerOf } from '../install/catalog';
import type { TestDatabase } from '../support/database';

/** Something that a DBA or a restore breaks, and that `migrate` repairs. */
export type Breakage = (database: TestDatabase) => Promise<unknown>;

function statement(sql: string): Breakage {
  return ({ query }) => query(sql);
}

/**
 * Creates a routine again with another text, and with its grants, as a DBA may. MySQL can only drop
 * it first.
 */
function otherBody(routine: string): Breakage {
  return async ({ query }) => {
    const [row] = await query(`SHOW CREATE PROCEDURE ${routine}`);
    const text = String(row?.[2]).replace(/\nEND$/, '\n  DO 0;\nEND');
    const [version] = await query('SELECT 0 /*M! + 1 */');
    if (Number(version?.[0]) === 1) {
      await query(text.replace('CREATE ', 'CREATE OR REPLACE '));
      return;
    }
    const grantees = await query(
      `SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) FROM mysql.procs_priv
       WHERE db = DATABASE() AND routine_name = ?`,
      [routine],
    );
    await query(`DROP PROCEDURE ${routine}`);
    await query(text);
    await query(`GRANT EXECUTE ON PROCEDURE ${routine} TO ${grantees.join(', ')}`);
  };
}

/** Breakages that stop no call of the workers. They call neither sess_stats nor sess_ids. */
export const harmless: Readonly<Record<string, Breakage>> = {
  'no breakage': async () => undefined,
  'another comment': statement("ALTER PROCEDURE sess_get COMMENT 'knex-mysql-session:sessions'"),
  'another characteristic': statement('ALTER PROCEDURE sess_merge CONTAINS SQL'),
  'another body of sess_get': otherBody('sess_get'),
  'another body of sess_merge': otherBody('sess_merge'),
  'a dropped routine': statement('DROP PROCEDURE sess_stats'),
  'a dropped index': statement('ALTER TABLE sessions DROP INDEX sessions_expired_idx'),
  'a lost right of the definer': (database) =>
    database.query(`REVOKE EXECUTE ON PROCEDURE sess_ids FROM ${definerOf(database)}`),
  'an unlocked definer': (database) =>
    database.query(`ALTER USER ${definerOf(database)} ACCOUNT UNLOCK`),
  'a definer with a password': (database) =>
    database.query(`ALTER USER ${definerOf(database)} IDENTIFIED BY 'aA1!for-the-test'`),
  'a disabled event': statement('ALTER EVENT sess_gc DISABLE'),
  'a dropped event': statement('DROP EVENT sess_gc'),
  'a log without routines': statement("DELETE FROM sessions_migrations WHERE kind = 'routine'"),
};

/** Breakages that stop calls of the workers until `migrate` repairs them. */
export const stopping: Readonly<Record<string, Breakage>> = {
  'a dropped routine': statement('DROP PROCEDURE sess_get'),
  'a routine without its definer': statement('ALTER PROCEDURE sess_merge SQL SECURITY INVOKER'),
  'a lost right of the definer on the table': (database) =>
    database.query(`REVOKE UPDATE ON sessions FROM ${definerOf(database)}`),
  'a lost right of the definer on a routine': (database) =>
    database.query(`REVOKE EXECUTE ON PROCEDURE sess_touch FROM ${definerOf(database)}`),
  'a dropped definer': (database) => database.query(`DROP USER ${definerOf(database)}`),
};
