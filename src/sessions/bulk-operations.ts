import { ArgumentError, RoutineNotGrantedError } from '../errors';
import { formatAttributeValue, maxAttributeLength } from '../options/attributes';
import type { ResolvedOptions } from '../options/resolve-options';
import { traceCleanup } from '../routines/diagnostics';
import type { RoutineAccess } from '../routines/routine-access';
import type { RoutineClient } from '../routines/routine-client';
import type { GcResult, SessionRow } from '../routines/routine-results';
import { describe, describeKind } from '../util/describe';
import { collectPages, paginate } from '../util/paginate';
import { now } from '../util/timers';
import { cleanUp } from './cleanup';
import type { ExpirationPolicy } from './expiration-policy';
import { asStoredId, isSessionId, type SessionIdHasher } from './session-id';
import type { LoadedSession, SessionReader } from './session-reader';
import type { SnapshotCache } from './snapshot-cache';

/** How many sessions one call of a routine reads or deletes at most. */
const batchSizes = { clear: 1_000, find: 100, destroy: 100 } as const;

/** A live session that `findBy` found. */
export interface FoundSession<Session> {
  /** The stored id, which `destroyStored` accepts. With the option `hashIds`, it is a hash. */
  readonly id: string;
  readonly session: Session;
  /** When the session ends, unless it is touched or saved. */
  readonly expires: Date;
  readonly createdAt: Date;
}

export interface DestroyByOptions {
  /** The id of a session to keep, such as the one of the request. */
  readonly except?: string | undefined;
}

/** Reads and deletes many sessions: all, the expired ones, or those with an attribute's value. */
export class BulkOperations<Session extends object> {
  constructor(
    private readonly access: RoutineAccess,
    private readonly idHasher: SessionIdHasher,
    private readonly policy: ExpirationPolicy<Session>,
    private readonly snapshots: SnapshotCache,
    private readonly reader: SessionReader<Session>,
    private readonly options: Pick<ResolvedOptions<Session>, 'attributes'>,
  ) {}

  /** Returns every live session with its id, in the order of the ids. */
  async all(): Promise<Array<Session & { id: string }>> {
    await this.access.open();
    const rows = await collectPages(
      (after, limit) => this.access.routines.all(after, limit),
      ({ sid }) => sid,
    );
    const readAt = now();
    return rows.map((row) => Object.assign(this.#load(row, readAt).session, { id: row.sid }));
  }

  /** Returns the id of every live session, in order. */
  async ids(): Promise<string[]> {
    await this.access.open();
    return collectPages(
      (after, limit) => this.access.routines.ids(after, limit),
      (sid) => sid,
    );
  }

  /** Returns the number of live sessions. */
  async length(): Promise<number> {
    await this.access.open();
    return (await this.access.routines.length()).live;
  }

  async clear(): Promise<void> {
    await this.access.open();
    let deleted: number;
    do {
      deleted = await this.access.routines.clear(batchSizes.clear);
    } while (deleted === batchSizes.clear);
  }

  /**
   * Deletes expired sessions in batches, until none is left or other transactions hold all of them.
   *
   * @param signal ends the cleanup after the current batch
   */
  async gc(signal?: AbortSignal): Promise<GcResult> {
    await this.access.open();
    return traceCleanup(() => cleanUp(this.access.routines, { signal }));
  }

  /** Yields the live sessions with an attribute's value, in the order of their ids. */
  async *findBy(
    attribute: string,
    value: unknown,
  ): AsyncGenerator<FoundSession<Session>, void, undefined> {
    const text = this.#formatValue(attribute, value);
    await this.access.open();
    if (!isFindable(text)) {
      return;
    }
    let startedAt = 0;
    const pages = paginate(
      (after) => {
        startedAt = now();
        return this.access.routines.findBy(attribute, text, after, batchSizes.find);
      },
      ({ sid }) => sid,
      batchSizes.find,
    );
    for await (const page of pages) {
      for (const row of page) {
        if (!this.policy.exceedsAbsoluteTtl(row)) {
          const { session, expires, snapshot } = this.#load(row, startedAt);
          // A later save of the session counts as one of a loaded session.
          this.snapshots.setForObject(session, snapshot);
          const createdAt = new Date(Date.now() - row.ageMs);
          yield { id: row.sid, session, expires, createdAt };
        }
      }
    }
  }

  /** Deletes the live sessions with an attribute's value. Returns the number of them. */
  async destroyBy(
    attribute: string,
    value: unknown,
    options: DestroyByOptions = {},
  ): Promise<number> {
    const text = this.#formatValue(attribute, value);
    const except = parseExcept(options);
    const storedExcept = except === undefined ? null : this.idHasher.toStoredId(except);
    await this.access.open();
    return isFindable(text)
      ? destroyByAttribute(this.access.routines, attribute, text, storedExcept)
      : 0;
  }

  /** Rejects if the account may neither find nor delete sessions by one of the attributes. */
  async assertAttributesUsable(): Promise<void> {
    for (const attribute of this.options.attributes.keys()) {
      try {
        await this.access.routines.findBy(attribute, '', '', 1);
      } catch (error) {
        if (!(error instanceof RoutineNotGrantedError)) {
          throw error;
        }
        // `null` deletes nothing.
        await this.access.routines.destroyBy(attribute, null, null, 1).catch(() => {
          throw error;
        });
      }
    }
  }

  #load(row: SessionRow & { readonly sid: string }, startedAt: number): LoadedSession<Session> {
    return this.reader.load(row.sid, asStoredId(row.sid), row, startedAt);
  }

  #formatValue(attribute: string, value: unknown): string {
    const kind = this.options.attributes.get(attribute);
    if (kind === undefined) {
      const names = [...this.options.attributes.keys()].join(', ') || 'which has no attribute yet';
      throw new ArgumentError(
        'attribute',
        `an attribute of the store's option \`attributes\` (${names})`,
        describe(attribute),
      );
    }
    return formatAttributeValue(kind, value);
  }
}

/**
 * Deletes all live sessions with an attribute's value, in batches. Returns the number of them.
 *
 * @param except the stored id of a session to keep
 */
export async function destroyByAttribute(
  routines: Pick<RoutineClient, 'destroyBy'>,
  attribute: string,
  value: string,
  except: string | null,
): Promise<number> {
  for (let total = 0; ; ) {
    const { deleted, more } = await routines.destroyBy(
      attribute,
      value,
      except,
      batchSizes.destroy,
    );
    total += deleted;
    if (!more) {
      return total;
    }
  }
}

// A longer value matches no session, and could be too long for a statement.
function isFindable(text: string): boolean {
  return text.length <= 2 * maxAttributeLength;
}

function parseExcept(options: unknown): string | undefined {
  if (typeof options !== 'object' || options === null) {
    const got = describe(options);
    throw new ArgumentError('options', 'an object such as { except: req.sessionID }', got);
  }
  const unknown = Object.keys(options).find((name) => name !== 'except');
  if (unknown !== undefined) {
    throw new ArgumentError('options', 'an object with only `except`', `\`${unknown}\``);
  }
  const except: unknown = Reflect.get(options, 'except');
  if (except === undefined || isSessionId(except)) {
    return except;
  }
  // The message does not show the id: a reader of the log could use it.
  const expected = 'a session id of 1 to 255 visible ASCII characters, or omitted';
  throw new ArgumentError('except', expected, describeKind(except));
}
