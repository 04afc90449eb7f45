import type { ResolvedOptions } from '../options/resolve-options';
import type { BatchedRoutines } from '../routines/batched-routines';
import type { ServerLimits } from '../routines/routine-access';
import type { RoutineClient } from '../routines/routine-client';
import type { Save } from '../routines/write-list';
import { now } from '../util/timers';
import type { Expiration, ExpirationPolicy } from './expiration-policy';
import { serialize } from './serializer';
import type { SessionAdapter } from './session-adapter';
import type { SessionCipher } from './session-cipher';
import { diffSessions, type SessionDiff } from './session-diff';
import type { StoredId } from './session-id';
import type { Snapshot } from './snapshot-cache';
import { assertFits, explainRejection, fits, maxBytes } from './text-limits';

/** Writes sessions to the table, and skips writes that would change nothing. */
export class SessionWriter<Session extends object> {
  constructor(
    private readonly routines: RoutineClient,
    private readonly batched: BatchedRoutines,
    private readonly policy: ExpirationPolicy<Session>,
    private readonly adapter: SessionAdapter,
    private readonly cipher: SessionCipher,
    private readonly options: Pick<ResolvedOptions<Session>, 'serializer' | 'writeMode'>,
  ) {}

  /** @throws {ArgumentError} for a session that the serializer rejects */
  serialize(session: Session): string {
    return serialize(this.options.serializer, session);
  }

  /** Creates the session, or replaces all of it. */
  async create(
    sid: string,
    storedId: StoredId,
    text: string,
    expiration: Expiration,
    limits: ServerLimits,
  ): Promise<Snapshot> {
    const startedAt = now();
    const ttlMs = this.policy.rowTtl(expiration);
    const sess = this.cipher.encrypt(storedId, text);
    const session = { kind: 'add', sid: storedId, ttlMs, sess } as const;
    await withRejectionExplained(sess, limits, () =>
      this.batched.create(session, maxBytes(limits)),
    );
    return { sid, storedId, text, createdAt: startedAt, expiresAt: startedAt + ttlMs };
  }

  /** Creates the session unless a live one has the id. Returns whether it did. */
  async add(
    storedId: StoredId,
    text: string,
    expiration: Expiration,
    limits: ServerLimits,
  ): Promise<boolean> {
    const ttlMs = this.policy.rowTtl(expiration);
    const sess = this.cipher.encrypt(storedId, text);
    return withRejectionExplained(sess, limits, () => this.routines.add(storedId, sess, ttlMs));
  }

  /**
   * Saves what changed since the snapshot. Never creates the session.
   *
   * @returns the new snapshot, or undefined if the session is gone
   */
  async update(
    snapshot: Snapshot,
    text: string,
    expiration: Expiration,
    limits: ServerLimits,
  ): Promise<Snapshot | undefined> {
    const diff = this.#diff(snapshot, text);
    if (diff?.changed.length === 0 && diff.removed.length === 0) {
      const expiresAt = await this.touch(snapshot.storedId, expiration, limits, snapshot);
      return expiresAt === undefined ? undefined : { ...snapshot, expiresAt };
    }
    const startedAt = now();
    // `null` keeps the row's expiry, which saves a write to the index of `expired`.
    const ttlMs = this.policy.coversExpiration(expiration, snapshot)
      ? null
      : this.policy.rowTtl(expiration, snapshot.createdAt);
    const merged =
      diff && this.options.writeMode === 'merge'
        ? await this.#merge(snapshot.storedId, text, diff, ttlMs, limits)
        : null;
    const whole = diff ? withHiddenKeys(text, snapshot) : text;
    const isLive = merged ?? (await this.#replace(snapshot.storedId, whole, ttlMs, limits));
    const expiresAt = ttlMs === null ? snapshot.expiresAt : startedAt + ttlMs;
    return isLive ? { ...snapshot, text, expiresAt } : undefined;
  }

  /**
   * Prolongs the session, unless its row already lives long enough.
   *
   * @returns when the row expires, as a time of `performance.now()`; undefined if it is gone
   */
  async touch(
    storedId: StoredId,
    expiration: Expiration,
    limits: ServerLimits,
    snapshot?: Snapshot,
  ): Promise<number | undefined> {
    if (snapshot && this.policy.coversExpiration(expiration, snapshot)) {
      return snapshot.expiresAt;
    }
    const startedAt = now();
    const ttlMs = this.policy.rowTtl(expiration, snapshot?.createdAt);
    const save = { kind: 'touch', sid: storedId, ttlMs } as const;
    return (await this.batched.save(save, maxBytes(limits))) ? startedAt + ttlMs : undefined;
  }

  /** @returns whether the session existed; null if it must be saved whole */
  async #merge(
    storedId: StoredId,
    text: string,
    { changed, removed }: SessionDiff,
    ttlMs: number | null,
    limits: ServerLimits,
  ): Promise<boolean | null> {
    const pairs = changed.map(([key, json]) => `${JSON.stringify(key)},${json}`).join(',');
    const change = {
      changed: `[${pairs}]`,
      removed: JSON.stringify(removed),
      isSingleKey: changed.length === 1 && removed.length === 0,
    };
    // The removed keys are no part of the session, so the change can be longer.
    return fits(change.changed + change.removed, limits)
      ? this.#save({ kind: 'merge', sid: storedId, ttlMs, ...change }, text, limits)
      : null;
  }

  async #replace(
    storedId: StoredId,
    text: string,
    ttlMs: number | null,
    limits: ServerLimits,
  ): Promise<boolean> {
    const sess = this.cipher.encrypt(storedId, text);
    const save = { kind: 'update', sid: storedId, ttlMs, sess } as const;
    return (await this.#save(save, sess, limits)) === true;
  }

  #save(save: Save, text: string, limits: ServerLimits): Promise<boolean | null> {
    return withRejectionExplained(text, limits, () => this.batched.save(save, maxBytes(limits)));
  }

  // Another serializer can use keys in any way: only JSON text has a diff.
  #diff({ text: before, hiddenKeys = [] }: Snapshot, text: string): SessionDiff | undefined {
    if (this.options.serializer !== JSON) {
      return undefined;
    }
    const diff = diffSessions(before, text, this.adapter.isSameValue);
    return diff && { ...diff, removed: diff.removed.filter((key) => !hiddenKeys.includes(key)) };
  }
}

/** Returns the text with the keys that the framework's object can't show. */
function withHiddenKeys(text: string, { text: before, hiddenKeys = [] }: Snapshot): string {
  if (hiddenKeys.length === 0) {
    return text;
  }
  const stored = Object.entries(JSON.parse(before)).filter(([key]) => hiddenKeys.includes(key));
  return JSON.stringify({ ...Object.fromEntries(stored), ...JSON.parse(text) });
}

/** Runs a write. If the server rejects the session's text, the error says why. */
async function withRejectionExplained<Result>(
  text: string,
  limits: ServerLimits,
  write: () => Promise<Result>,
): Promise<Result> {
  assertFits(text, limits);
  try {
    return await write();
  } catch (error) {
    throw explainRejection(error, text, limits) ?? error;
  }
}
