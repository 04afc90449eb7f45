import type { Role } from '../contract';
import type { Connection } from '../database/connection';
import { RetryPolicy } from './retry-policy';
import { RoutineCaller } from './routine-caller';
import type { RoutineMethods } from './routine-methods';
import {
  type DestroyByResult,
  type GcResult,
  type LimitByResult,
  onlyRow,
  type ServerVersion,
  type SessionCounts,
  type SessionRow,
  type SessionRowWithId,
  type Stats,
  toDestroyByResult,
  toGcResult,
  toLimitByResult,
  toServerVersion,
  toSessionCounts,
  toSessionRow,
  toSessionRows,
  toStats,
  wasFound,
} from './routine-results';
import {
  formatNewSessions,
  formatSaves,
  inOrderOfIds,
  type NewSession,
  type Save,
  type Touch,
} from './write-list';

/** Calls the installed routines: one typed method per routine. A store sends nothing else. */
export class RoutineClient implements RoutineMethods {
  readonly #caller: RoutineCaller;

  /**
   * @param prefix what the routines' names start with, after the name of another database
   * @param role the role that the account should have, for error messages
   */
  constructor(
    connection: Connection,
    prefix: string,
    role: Role = 'application',
    retryPolicy = new RetryPolicy(0),
  ) {
    this.#caller = new RoutineCaller(connection, prefix, role, retryPolicy);
  }

  async get(sid: string): Promise<SessionRow | undefined> {
    const [row] = await this.#caller.call('sess_get', [bytes(sid)]);
    return row && toSessionRow(row);
  }

  /** Returns the sessions in the order of the ids; undefined for an id without a session. */
  async getMany(sids: readonly string[]): Promise<Array<SessionRow | undefined>> {
    const rows = await this.#caller.call('sess_get_many', [bytes(JSON.stringify(sids))]);
    const found = new Map(rows.map(([position, ...row]) => [Number(position), toSessionRow(row)]));
    return sids.map((_, index) => found.get(index + 1));
  }

  async set(sid: string, sess: string, ttlMs: number): Promise<void> {
    await this.#caller.call('sess_set', [bytes(sid), bytes(sess), ttlMs]);
  }

  /** @returns whether the session was created: false if a live one has the id */
  async add(sid: string, sess: string, ttlMs: number): Promise<boolean> {
    return !wasFound([
      onlyRow(await this.#caller.call('sess_add', [bytes(sid), bytes(sess), ttlMs])),
    ]);
  }

  /**
   * Creates sessions with different ids in one transaction. Returns in the same order whether each
   * was created. One that was not has a row, or was refused.
   */
  addMany(sessions: readonly NewSession[]): Promise<boolean[]> {
    return inOrderOfIds(sessions, (sorted) => {
      const { list, texts } = formatNewSessions(sorted);
      return this.#caller.callMany('sess_add_many', [bytes(list), texts]);
    });
  }

  /**
   * @param ttlMs null keeps the expiry
   * @returns whether the session existed
   */
  async update(sid: string, sess: string, ttlMs: number | null): Promise<boolean> {
    return wasFound(await this.#caller.call('sess_update', [bytes(sid), bytes(sess), ttlMs]));
  }

  /**
   * @param changed a JSON array in which each top-level key is followed by its new value
   * @param removed a JSON array of top-level keys
   * @param ttlMs null keeps the expiry
   * @returns whether the session existed; null if the change is too long for a merge, and nothing
   * was changed
   */
  async merge(
    sid: string,
    changed: string,
    removed: string,
    ttlMs: number | null,
  ): Promise<boolean | null> {
    const parameters = [bytes(sid), bytes(changed), bytes(removed), ttlMs];
    const rows = await this.#caller.call('sess_merge', parameters);
    return rows[0]?.[0] === null ? null : wasFound(rows);
  }

  /** @returns whether the session existed */
  async touch(sid: string, ttlMs: number): Promise<boolean> {
    return wasFound(await this.#caller.call('sess_touch', [bytes(sid), ttlMs]));
  }

  /**
   * Returns in the same order whether each session was touched. A session that was not does not
   * exist, or its row is locked.
   */
  touchMany(touches: ReadonlyArray<Omit<Touch, 'kind'>>): Promise<boolean[]> {
    return inOrderOfIds(touches, (sorted) => {
      const list = sorted.map(({ sid, ttlMs }) => [sid, ttlMs]);
      return this.#caller.callMany('sess_touch_many', [bytes(JSON.stringify(list))]);
    });
  }

  /**
   * Saves sessions with different ids in one transaction. Returns in the same order whether each
   * was saved. One that was not does not exist, is locked, or was refused.
   */
  saveMany(saves: readonly Save[]): Promise<boolean[]> {
    return inOrderOfIds(saves, (sorted) => {
      const { list, texts } = formatSaves(sorted);
      return this.#caller.callMany('sess_save_many', [bytes(list), texts]);
    });
  }

  /** @returns whether the session existed */
  async destroy(sid: string): Promise<boolean> {
    return wasFound(await this.#caller.call('sess_destroy', [bytes(sid)]));
  }

  /** Deletes at most `limit` expired sessions. */
  async gc(limit: number): Promise<GcResult> {
    return toGcResult(onlyRow(await this.#caller.call('sess_gc', [limit])));
  }

  /** Returns a page of the live sessions in the order of their ids. `after` of the first is ''. */
  async all(after: string, limit: number): Promise<SessionRowWithId[]> {
    return toSessionRows(await this.#caller.call('sess_all', [bytes(after), limit]));
  }

  /** Returns a page of the live sessions' ids in order. `after` of the first is ''. */
  async ids(after: string, limit: number): Promise<string[]> {
    const rows = await this.#caller.call('sess_ids', [bytes(after), limit]);
    return rows.map(([sid]) => String(sid));
  }

  async length(): Promise<SessionCounts> {
    return toSessionCounts(onlyRow(await this.#caller.call('sess_length')));
  }

  /** Deletes at most `limit` sessions, live or expired, and returns how many. */
  async clear(limit: number): Promise<number> {
    return Number(onlyRow(await this.#caller.call('sess_clear', [limit]))[0]);
  }

  /** Reads the whole table. */
  async stats(): Promise<Stats> {
    return toStats(onlyRow(await this.#caller.call('sess_stats')));
  }

  /** Returns a page of the live sessions with an attribute's value. `after` of the first is ''. */
  async findBy(
    attribute: string,
    value: string,
    after: string,
    limit: number,
  ): Promise<SessionRowWithId[]> {
    const parameters = [bytes(value), bytes(after), limit];
    return toSessionRows(await this.#caller.callAttribute('find', attribute, parameters));
  }

  /** Returns the number of live sessions with an attribute's value. */
  async countBy(attribute: string, value: string): Promise<number> {
    return Number(onlyRow(await this.#caller.callAttribute('count', attribute, [bytes(value)]))[0]);
  }

  /**
   * Deletes live sessions with a value of the attribute, until `keep` are left.
   *
   * @param value null deletes nothing
   * @param except the id of a session that is one of those to keep
   * @param limit the most sessions to look at, more than `keep`
   */
  async limitBy(
    attribute: string,
    value: string | null,
    keep: number,
    except: string | null,
    by: 'created' | 'seen',
    limit: number,
  ): Promise<LimitByResult> {
    const parameters = [bytesOrNull(value), keep, bytesOrNull(except), bytes(by), limit];
    return toLimitByResult(
      onlyRow(await this.#caller.callAttribute('limit', attribute, parameters)),
    );
  }

  /**
   * Deletes at most `limit` live sessions with a value of the attribute.
   *
   * @param value null deletes nothing
   * @param except the id of a session to keep
   */
  async destroyBy(
    attribute: string,
    value: string | null,
    except: string | null,
    limit: number,
  ): Promise<DestroyByResult> {
    const parameters = [bytesOrNull(value), bytesOrNull(except), limit];
    return toDestroyByResult(
      onlyRow(await this.#caller.callAttribute('destroy', attribute, parameters)),
    );
  }

  async version(): Promise<ServerVersion> {
    return toServerVersion(await this.#caller.call('sess_version'));
  }

  /** Resolves when no call is in flight. */
  idle(): Promise<void> {
    return this.#caller.idle();
  }
}

// The driver sends bytes as a hexadecimal literal. No sql_mode changes its meaning.
function bytes(text: string): Buffer {
  return Buffer.from(text);
}

function bytesOrNull(text: string | null): Buffer | null {
  return text === null ? null : bytes(text);
}
