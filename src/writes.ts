import { type Changes, changesBetween } from './changes';
import type { Expiry } from './expiry';
import { assertFits, type Limits, refusedText } from './limits';
import type { Routines } from './routines';
import type { Settings } from './settings';
import type { SharedCalls } from './shared-calls';
import type { Snapshot } from './snapshots';
import type { StoredId } from './stored-ids';
import type { Term, Terms } from './terms';

/** Brings sessions into the table, and writes no more than it takes. */
export class Writes<Session extends object> {
  constructor(
    private readonly routines: Routines,
    private readonly shared: SharedCalls,
    private readonly terms: Terms<Session>,
    private readonly expiry: Expiry,
    private readonly settings: Pick<Settings<Session>, 'serializer' | 'writeMode' | 'sealing'>,
  ) {}

  /** Creates the session, or replaces it whole. */
  async create(sid: string, storedId: StoredId, text: string, term: Term, limits: Limits): Promise<Snapshot> {
    const asked = performance.now();
    const ttlMs = this.terms.ofRow(term);
    const sess = this.settings.sealing.seal(storedId, text);
    await taken(sess, limits, () => this.routines.set(storedId, sess, ttlMs));
    return { sid, storedId, text, bornAt: asked, endsAt: asked + ttlMs };
  }

  /**
   * Saves what changed since the snapshot.
   *
   * @returns the session as it is now; undefined where it is gone, and stays so
   */
  async save(text: string, term: Term, known: Snapshot, limits: Limits): Promise<Snapshot | undefined> {
    const changes = this.#changes(text, known);
    if (changes?.changed.length === 0 && changes.removed.length === 0) {
      const endsAt = await this.touch(known.storedId, term, known);
      return endsAt === undefined ? undefined : { ...known, endsAt };
    }
    const asked = performance.now();
    // The index of `expired` is spared where the row lives long enough.
    const ttlMs = this.terms.isServed(term, known) ? null : this.terms.ofRow(term, known.bornAt);
    const found =
      changes && this.settings.writeMode === 'merge'
        ? await this.#merge(text, changes, ttlMs, known, limits)
        : await this.#update(text, ttlMs, known, limits);
    return found ? { ...known, text, endsAt: ttlMs === null ? known.endsAt : asked + ttlMs } : undefined;
  }

  /**
   * Prolongs the session, unless its row is known to live long enough.
   *
   * @returns when its row expires, by `performance.now()`; undefined where it is gone
   */
  async touch(storedId: StoredId, term: Term, known?: Snapshot): Promise<number | undefined> {
    if (known && this.terms.isServed(term, known)) {
      return known.endsAt;
    }
    const asked = performance.now();
    const ttlMs = this.terms.ofRow(term, known?.bornAt);
    return (await this.shared.touch(storedId, ttlMs)) ? asked + ttlMs : undefined;
  }

  #merge(
    text: string,
    { changed, removed }: Changes,
    ttlMs: number | null,
    { storedId }: Snapshot,
    limits: Limits,
  ): Promise<boolean> {
    return taken(text, limits, () =>
      this.routines.merge(storedId, listOf(changed), JSON.stringify(removed), ttlMs),
    );
  }

  #update(text: string, ttlMs: number | null, { storedId }: Snapshot, limits: Limits): Promise<boolean> {
    const sess = this.settings.sealing.seal(storedId, text);
    return taken(sess, limits, () => this.routines.update(storedId, sess, ttlMs));
  }

  // Only JSON's own text is known to keep what belongs to a key with that key.
  #changes(text: string, { text: before, hidden = [] }: Snapshot): Changes | undefined {
    if (this.settings.serializer !== JSON) {
      return undefined;
    }
    const changes = changesBetween(before, text, this.expiry.isSame);
    return changes && { ...changes, removed: changes.removed.filter((key) => !hidden.includes(key)) };
  }
}

function listOf(changed: Changes['changed']): string {
  return `[${changed.map(([key, json]) => `${JSON.stringify(key)},${json}`).join(',')}]`;
}

/** Writes a session, and says what is wrong with its text where the server does not take it. */
async function taken<Result>(text: string, limits: Limits, write: () => Promise<Result>): Promise<Result> {
  assertFits(text, limits);
  try {
    return await write();
  } catch (error) {
    throw refusedText(error, text, limits) ?? error;
  }
}
