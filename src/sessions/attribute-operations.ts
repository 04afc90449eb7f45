import { ArgumentError, RoutineNotGrantedError } from '../errors';
import { formatAttributeValue, maxAttributeLength } from '../options/attributes';
import type { ResolvedOptions } from '../options/resolve-options';
import type { RoutineAccess } from '../routines/routine-access';
import type { RoutineClient } from '../routines/routine-client';
import { describe } from '../util/describe';
import { paginate } from '../util/paginate';
import { now } from '../util/timers';
import {
  type DestroyByOptions,
  type LimitByOptions,
  parseDestroyByOptions,
  parseLimitByOptions,
} from './bulk-options';
import type { ExpirationPolicy } from './expiration-policy';
import type { SessionEvents } from './session-events';
import { asStoredId, type SessionIdHasher } from './session-id';
import type { SessionReader } from './session-reader';
import type { SnapshotCache } from './snapshot-cache';

/** How many sessions one call of a routine reads, deletes or looks at. */
const batchSizes = { find: 100, destroy: 100, limit: 1_000 } as const;

/** A live session that `findBy` found. */
export interface FoundSession<Session> {
  /** The stored id, which `destroyStored` accepts. With the option `hashIds`, it is a hash. */
  readonly id: string;
  readonly session: Session;
  /** When the session ends, unless it is touched or saved. */
  readonly expires: Date;
  readonly createdAt: Date;
}

/** Finds, counts, limits and deletes the sessions that have an attribute's value. */
export class AttributeOperations<Session extends object> {
  constructor(
    private readonly access: RoutineAccess,
    private readonly idHasher: SessionIdHasher,
    private readonly policy: ExpirationPolicy<Session>,
    private readonly snapshots: SnapshotCache,
    private readonly reader: SessionReader<Session>,
    private readonly events: SessionEvents<Session>,
    private readonly options: Pick<ResolvedOptions<Session>, 'attributes'>,
  ) {}

  /** Yields the live sessions with the value, in the order of their ids. */
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
          const storedId = asStoredId(row.sid);
          const { session, expires, snapshot } = this.reader.load(
            row.sid,
            storedId,
            row,
            startedAt,
          );
          // A later save of the session counts as one of a loaded session.
          this.snapshots.setForObject(session, snapshot);
          const createdAt = new Date(Date.now() - row.ageMs);
          yield { id: row.sid, session, expires, createdAt };
        }
      }
    }
  }

  /** Returns the number of live sessions with the value. */
  async countBy(attribute: string, value: unknown): Promise<number> {
    const text = this.#formatValue(attribute, value);
    await this.access.open();
    return isFindable(text) ? this.access.routines.countBy(attribute, text) : 0;
  }

  /** Deletes the live sessions with the value but some. Returns the stored ids of the deleted. */
  async limitBy(attribute: string, value: unknown, options: LimitByOptions): Promise<string[]> {
    const text = this.#formatValue(attribute, value);
    const { keep, except, by } = parseLimitByOptions(options);
    const storedExcept = this.#storedIdOrNull(except);
    await this.access.open();
    const ended: string[] = [];
    for (let more = isFindable(text); more; ) {
      const { routines } = this.access;
      const result = await routines.limitBy(
        attribute,
        text,
        keep,
        storedExcept,
        by,
        batchSizes.limit,
      );
      for (const id of result.ended) {
        ended.push(id);
        this.events.emit('destroyed', id, 'limit');
      }
      more = result.more;
    }
    return ended;
  }

  /** Deletes the live sessions with the value. Returns the number of them. */
  async destroyBy(
    attribute: string,
    value: unknown,
    options: DestroyByOptions = {},
  ): Promise<number> {
    const text = this.#formatValue(attribute, value);
    const storedExcept = this.#storedIdOrNull(parseDestroyByOptions(options));
    await this.access.open();
    return isFindable(text)
      ? destroyByAttribute(this.access.routines, attribute, text, storedExcept)
      : 0;
  }

  /** Rejects if the account may execute no routine of one of the attributes. */
  async assertUsable(): Promise<void> {
    const { routines } = this.access;
    for (const attribute of this.options.attributes.keys()) {
      // None of these calls changes anything.
      const calls = [
        () => routines.findBy(attribute, '', '', 1),
        () => routines.destroyBy(attribute, null, null, 1),
        () => routines.limitBy(attribute, null, 1, null, 'created', 2),
        () => routines.countBy(attribute, ''),
      ];
      await firstGranted(calls);
    }
  }

  #storedIdOrNull(sid: string | undefined): string | null {
    return sid === undefined ? null : this.idHasher.toStoredId(sid);
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

/** Makes calls until the account may make one. Throws the first error if it may make none. */
async function firstGranted(calls: ReadonlyArray<() => Promise<unknown>>): Promise<void> {
  let denied: RoutineNotGrantedError | undefined;
  for (const call of calls) {
    try {
      await call();
      return;
    } catch (error) {
      if (!(error instanceof RoutineNotGrantedError)) throw error;
      denied ??= error;
    }
  }
  throw denied;
}

// A longer value matches no session, and could be too long for a statement.
function isFindable(text: string): boolean {
  return text.length <= 2 * maxAttributeLength;
}
