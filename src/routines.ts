import type { Connection, Parameter } from './database';
import { toldCall } from './diagnostics';
import { DatabaseError } from './errors';
import { Replacement } from './replacement';
import { Retries } from './retries';
import { explain, type Role } from './routine-errors';
import type { Row } from './rows';

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
  /** Whether the server takes no writes from ordinary accounts. */
  readonly isReadOnly: boolean;
}

export interface GcResult {
  readonly deleted: number;
  /** Whether another cleanup was under way, so that this one did nothing. */
  readonly busy: boolean;
}

/** What `sess_stats` tells of the table. */
export interface Stats {
  readonly live: number;
  /** Sessions that wait for the cleanup. */
  readonly expired: number;
  /** Milliseconds since the oldest live session was created; null where there is none. */
  readonly oldestMs: number | null;
  /** Milliseconds since the longest expired session expired; null where there is none. */
  readonly overdueMs: number | null;
  /** Of the JSON text of all sessions. */
  readonly bytes: number;
}

/** The stored procedures, one typed function each. Nothing else is ever sent to the server. */
export class Routines {
  readonly #replacement = new Replacement();

  constructor(
    private readonly database: Connection,
    private readonly prefix: string,
    private readonly retries: Pick<Retries, 'run'> = new Retries(0),
  ) {}

  /** @param role the one that the caller is to have, for the error where it has none; so with the others */
  async get(sid: string, role: Role = 'application'): Promise<SessionRow | undefined> {
    const [row] = await this.call(role, 'get', [bytes(sid)]);
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
    // All who lock several sessions lock them in the order of their ids, so that no deadlock comes of it.
    const sorted = touches.toSorted((one, other) => (one.sid < other.sid ? -1 : Number(one.sid > other.sid)));
    const list = sorted.map(({ sid, ttlMs }) => [sid, ttlMs]);
    const [row] = await this.call('application', 'touch_many', [bytes(JSON.stringify(list))]);
    const places: readonly number[] = JSON.parse(String(row?.[0]));
    const touched = new Set(places.map((place) => sorted[place - 1]));
    return touches.map((touch) => touched.has(touch));
  }

  async destroy(sid: string, role: Role = 'application'): Promise<void> {
    await this.call(role, 'destroy', [bytes(sid)]);
  }

  async gc(limit: number): Promise<GcResult> {
    const [row] = await this.call('cleaner', 'gc', [limit]);
    return { deleted: Number(row?.[0]), busy: Number(row?.[1]) === 1 };
  }

  /** One page of the live sessions, in the order of their ids; `after` is empty for the first. */
  async all(after: string, limit: number): Promise<Array<SessionRow & { sid: string }>> {
    return listed(await this.call('operator', 'all', [bytes(after), limit]));
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

  /** What is in the table, all of which is read for it. */
  async stats(): Promise<Stats> {
    const [row] = await this.call('operator', 'stats', []);
    const [live, expired, oldestMs, overdueMs, bytes] = row ?? [];
    return {
      live: Number(live),
      expired: Number(expired),
      oldestMs: numberOrNull(oldestMs),
      overdueMs: numberOrNull(overdueMs),
      bytes: Number(bytes),
    };
  }

  /** One page of the live sessions whose attribute has a value; `after` is empty for the first. */
  async findBy(
    attribute: string,
    value: string,
    after: string,
    limit: number,
  ): Promise<Array<SessionRow & { sid: string }>> {
    const role = `find_${attribute}` as const;
    return listed(await this.call(role, role, [bytes(value), bytes(after), limit]));
  }

  /**
   * Deletes live sessions whose attribute has a value.
   *
   * @param value null for none, which deletes nothing
   * @param except the id of one to keep
   * @returns how many it deleted, at most `limit`, and whether there may be more
   */
  async destroyBy(
    attribute: string,
    value: string | null,
    except: string | null,
    limit: number,
  ): Promise<{ deleted: number; more: boolean }> {
    const role = `destroy_${attribute}` as const;
    const [row] = await this.call(role, role, [bytesOrNull(value), bytesOrNull(except), limit]);
    return { deleted: Number(row?.[0]), more: Number(row?.[1]) === 1 };
  }

  async version(role: Role = 'application'): Promise<Version> {
    const [row] = await this.call(role, 'version', []);
    return {
      contract: Number(row?.[0]),
      jsonDepth: Number(row?.[1]),
      maxAllowedPacket: Number(row?.[2]),
      autocommit: Number(row?.[3]) === 1,
      isReadOnly: Number(row?.[4]) === 1,
    };
  }

  private async call(role: Role, name: string, parameters: readonly Parameter[]): Promise<readonly Row[]> {
    const routine = `${this.prefix}${name}`;
    const statement = `CALL ${routine}(${parameters.map(() => '?').join(', ')})`;
    // What reads or deletes a large table may take its time.
    const isBounded = role !== 'operator';
    return toldCall(routine, async (onAttempt) => {
      try {
        return await this.retries.run(
          routine,
          (deadline) => {
            onAttempt();
            return this.#replacement.rideOut(routine, () =>
              this.database.query(statement, parameters, deadline),
            );
          },
          isBounded,
        );
      } catch (error) {
        throw error instanceof DatabaseError ? explain(error, routine, role) : error;
      }
    });
  }
}

// The driver sends bytes as a hexadecimal literal, which no sql_mode can turn into anything else.
function bytes(text: string): Buffer {
  return Buffer.from(text);
}

function bytesOrNull(text: string | null): Buffer | null {
  return text === null ? null : bytes(text);
}

// What was done is done without an answer, which would cost about as much again.
function wasThere([row]: readonly Row[]): boolean {
  return row === undefined || Number(row[0]) === 1;
}

function numberOrNull(value: unknown): number | null {
  return value === null ? null : Number(value);
}

function listed(rows: readonly Row[]): Array<SessionRow & { sid: string }> {
  return rows.map(([sid, ...row]) => ({ sid: String(sid), ...sessionRow(row) }));
}

// The text comes as bytes of UTF-8, whatever the character set of the connection.
function sessionRow([sess, ttlMs, ageMs]: Row): SessionRow {
  return { sess: String(sess), ttlMs: Number(ttlMs), ageMs: Number(ageMs) };
}
