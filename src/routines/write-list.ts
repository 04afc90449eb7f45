/** Sets the lifetime of a session, and keeps its data. */
export interface Touch {
  readonly kind: 'touch';
  readonly sid: string;
  readonly ttlMs: number;
}

/** Changes some keys of a session. */
export interface Merge {
  readonly kind: 'merge';
  readonly sid: string;
  /** `null` keeps the expiry. */
  readonly ttlMs: number | null;
  /** A JSON array in which each top-level key is followed by its new value. */
  readonly changed: string;
  /** A JSON array of top-level keys. */
  readonly removed: string;
  /** Whether one key changes, and none is removed. */
  readonly isSingleKey: boolean;
}

/** Replaces the data of a session. */
export interface Update {
  readonly kind: 'update';
  readonly sid: string;
  /** `null` keeps the expiry. */
  readonly ttlMs: number | null;
  /** JSON text. */
  readonly sess: string;
}

/** A write that never creates a session. */
export type Save = Touch | Merge | Update;

/** A session to create. */
export interface NewSession {
  readonly kind: 'add';
  readonly sid: string;
  readonly ttlMs: number;
  /** JSON text. */
  readonly sess: string;
}

/** Bytes of an item in the list, without its id and texts. An id can double by escapes. */
const itemOverhead = 60;

/** Returns how many bytes a write takes in a call. */
export function byteLengthOf(write: Save | NewSession): number {
  return textsOf(write).reduce(
    (bytes, text) => bytes + Buffer.byteLength(text),
    2 * write.sid.length + itemOverhead,
  );
}

/** A list of writes for a routine, and their texts, one after the other. */
interface WriteList {
  readonly list: string;
  readonly texts: Buffer;
}

/** Returns the arguments of `sess_save_many`. */
export function formatSaves(saves: readonly Save[]): WriteList {
  return formatWrites(saves, (save) => {
    const isSingleKey = save.kind === 'merge' && save.isSingleKey;
    return [save.sid, save.ttlMs, isSingleKey ? 'key' : save.kind];
  });
}

/** Returns the arguments of `sess_add_many`. */
export function formatNewSessions(sessions: readonly NewSession[]): WriteList {
  return formatWrites(sessions, ({ sid, ttlMs }) => [sid, ttlMs]);
}

function formatWrites<Write extends Save | NewSession>(
  writes: readonly Write[],
  fieldsOf: (write: Write) => unknown[],
): WriteList {
  let start = 1;
  const list = writes.map((write) => {
    const lengths = textsOf(write).map((text) => Buffer.byteLength(text));
    const item = [...fieldsOf(write), start, ...lengths];
    start += lengths.reduce((sum, length) => sum + length, 0);
    return item;
  });
  return { list: JSON.stringify(list), texts: Buffer.from(writes.flatMap(textsOf).join('')) };
}

/**
 * Writes several sessions, and returns in the order of the items whether each was written. Every
 * call locks its sessions in the order of their ids, which avoids deadlocks.
 *
 * @param write returns the positions of the written items, from 1
 */
export async function inOrderOfIds<Item extends { readonly sid: string }>(
  items: readonly Item[],
  write: (sorted: readonly Item[]) => Promise<readonly number[]>,
): Promise<boolean[]> {
  const sorted = items.toSorted((one, other) =>
    one.sid < other.sid ? -1 : Number(one.sid > other.sid),
  );
  const positions = await write(sorted);
  const written = new Set(positions.map((position) => sorted[position - 1]));
  return items.map((item) => written.has(item));
}

function textsOf(write: Save | NewSession): string[] {
  switch (write.kind) {
    case 'touch':
      return [];
    case 'merge':
      return write.isSingleKey ? [write.changed] : [write.changed, write.removed];
    case 'add':
    case 'update':
      return [write.sess];
  }
}
