import type { Database, Parameter, Row } from './database';
import { DatabaseError, InstallationError, RoutineNotGrantedError } from './errors';
import { Replacement } from './replacement';
import { errno } from './servers';

/** The version of the routines' contract that this package works with: what `sess_version` answers. */
export const contract = 1;

/** A live session as it lies in the table. */
export interface SessionRow {
  /** JSON text. */
  readonly sess: string;
  /** Milliseconds that it has left, by the server's clock. */
  readonly ttlMs: number;
  /** Milliseconds since it was created, by the server's clock. */
  readonly ageMs: number;
}

export interface Version {
  readonly contract: number;
  /** How many levels JSON text may nest on this server. */
  readonly jsonDepth: number;
  /** The longest statement that the server takes, in bytes. */
  readonly maxAllowedPacket: number;
  /** Whether the server commits each call. */
  readonly autocommit: boolean;
}

export interface GcResult {
  readonly deleted: number;
  /** Whether another cleanup was under way, so that this one did nothing. */
  readonly busy: boolean;
}

type Role = 'application' | 'cleaner' | 'operator';

/** The stored procedures, one typed function each. Nothing else is ever sent to the server. */
export class Routines {
  readonly #replacement = new Replacement();

  constructor(
    private readonly database: Pick<Database, 'query'>,
    private readonly prefix: string,
  ) {}

  async get(sid: string): Promise<SessionRow | undefined> {
    const [row] = await this.call('application', 'get', [bytes(sid)]);
    return row && sessionRow(row);
  }

  /** @returns the sessions in the order of their ids, undefined for each that is not there */
  async getMany(sids: readonly string[]): Promise<Array<SessionRow | undefined>> {
    const rows = await this.call('application', 'get_many', [bytes(JSON.stringify(sids))]);
    const found = new Map(rows.map(([position, ...row]) => [Number(position), sessionRow(row)]));
    return sids.map((_, index) => found.get(index + 1));
  }

  async set(sid: string, sess: string, ttlMs: number): Promise<void> {
    await this.call('application', 'set', [bytes(sid), bytes(sess), ttlMs]);
  }

  /**
   * @param ttlMs null for as long as before
   * @returns whether the session was still there
   */
  async update(sid: string, sess: string, ttlMs: number | null): Promise<boolean> {
    return wasThere(await this.call('application', 'update', [bytes(sid), bytes(sess), ttlMs]));
  }

  /**
   * @param changed a JSON array of top-level keys and their new values in turn
   * @param removed a JSON array of top-level keys
   * @param ttlMs null for as long as before
   * @returns whether the session was still there
   */
  async merge(sid: string, changed: string, removed: string, ttlMs: number | null): Promise<boolean> {
    const parameters = [bytes(sid), bytes(changed), bytes(removed), ttlMs];
    return wasThere(await this.call('application', 'merge', parameters));
  }

  /** @returns whether the session was still there */
  async touch(sid: string, ttlMs: number): Promise<boolean> {
    return wasThere(await this.call('application', 'touch', [bytes(sid), ttlMs]));
  }

  /** @returns in the same order, whether each session was touched; one that was not is gone, or locked */
  async touchMany(
    touches: ReadonlyArray<{ readonly sid: string; readonly ttlMs: number }>,
  ): Promise<boolean[]> {
    const list = touches.map(({ sid, ttlMs }) => [sid, ttlMs]);
    const [row] = await this.call('application', 'touch_many', [bytes(JSON.stringify(list))]);
    const touched = new Set<number>(JSON.parse(String(row?.[0])));
    return touches.map((_, index) => touched.has(index + 1));
  }

  async destroy(sid: string): Promise<void> {
    await this.call('application', 'destroy', [bytes(sid)]);
  }

  async gc(limit: number): Promise<GcResult> {
    const [row] = await this.call('cleaner', 'gc', [limit]);
    return { deleted: Number(row?.[0]), busy: Number(row?.[1]) === 1 };
  }

  /** One page of the live sessions, in the order of their ids; `after` is empty for the first. */
  async all(after: string, limit: number): Promise<Array<SessionRow & { sid: string }>> {
    const rows = await this.call('operator', 'all', [bytes(after), limit]);
    return rows.map(([sid, ...row]) => ({ sid: String(sid), ...sessionRow(row) }));
  }

  /** One page of the live sessions' ids; `after` is empty for the first. */
  async ids(after: string, limit: number): Promise<string[]> {
    const rows = await this.call('operator', 'ids', [bytes(after), limit]);
    return rows.map(([sid]) => String(sid));
  }

  /** How many sessions are live, and how many wait for the cleanup. */
  async length(): Promise<{ live: number; expired: number }> {
    const [row] = await this.call('operator', 'length', []);
    return { live: Number(row?.[0]), expired: Number(row?.[1]) };
  }

  /** @returns how many it deleted, at most `limit` */
  async clear(limit: number): Promise<number> {
    const [row] = await this.call('operator', 'clear', [limit]);
    return Number(row?.[0]);
  }

  /** @param role the one that the caller is to have, for the error where it has none */
  async version(role: Role = 'application'): Promise<Version> {
    const [row] = await this.call(role, 'version', []);
    return {
      contract: Number(row?.[0]),
      jsonDepth: Number(row?.[1]),
      maxAllowedPacket: Number(row?.[2]),
      autocommit: Number(row?.[3]) === 1,
    };
  }

  private async call(role: Role, name: string, parameters: readonly Parameter[]): Promise<readonly Row[]> {
    const routine = `${this.prefix}${name}`;
    try {
      return await this.#replacement.rideOut(routine, () =>
        this.database.query(`CALL ${routine}(${parameters.map(() => '?').join(', ')})`, parameters),
      );
    } catch (error) {
      throw error instanceof DatabaseError ? explain(error, routine, role) : error;
    }
  }
}

// An account that may see the database learns that a routine is missing; one locked down to its grants is
// told the same of a routine that is missing as of one that it was not granted.
function explain(error: DatabaseError, routine: string, role: Role): Error {
  switch (error.errno) {
    case errno.noSuchRoutine:
    case errno.noSuchDefiner:
      return new InstallationError(`${error.message}: a DBA mends it with knex-mysql-session migrate`, {
        cause: error,
      });
    case errno.databaseDenied:
    case errno.routineDenied:
      return new RoutineNotGrantedError(
        `${error.message}. Either ${routine} is not installed (knex-mysql-session migrate), or the account lacks the ` +
          `role ${role} (knex-mysql-session grant ACCOUNT --role ${role}), which is this grant: ` +
          `GRANT EXECUTE ON PROCEDURE ${routine} TO ACCOUNT`,
        error,
        { cause: error },
      );
    case errno.parseError:
      return new InstallationError(`${misread(routine)}. It says: ${error.message}`, { cause: error });
    case errno.wrongValueForVariable:
      // Of a character set that it does not take, the server complains in that very character set.
      if (!/[a-z]/i.test(error.message)) {
        return new InstallationError(misread(routine), { cause: error });
      }
  }
  return new DatabaseError(`${routine}: ${error.message}`, error, { cause: error });
}

function misread(routine: string): string {
  return `The server does not read a plain CALL of ${routine} over this connection: set its charset to 'utf8mb4'`;
}

// The driver sends bytes as a hexadecimal literal, which no sql_mode can turn into anything else.
function bytes(text: string): Buffer {
  return Buffer.from(text);
}

// What was done is done without an answer, which would cost about as much again.
function wasThere([row]: readonly Row[]): boolean {
  return row === undefined || Number(row[0]) === 1;
}

// The text comes as bytes of UTF-8, whatever the character set of the connection.
function sessionRow([sess, ttlMs, ageMs]: Row): SessionRow {
  return { sess: String(sess), ttlMs: Number(ttlMs), ageMs: Number(ageMs) };
}
