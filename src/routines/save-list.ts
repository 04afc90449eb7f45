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

/** Bytes of an item in the list, without its id and texts. An id can double by escapes. */
const itemOverhead = 60;

/** Returns how many bytes a save takes in a call. */
export function byteLengthOf(save: Save): number {
  return textsOf(save).reduce(
    (bytes, text) => bytes + Buffer.byteLength(text),
    2 * save.sid.length + itemOverhead,
  );
}

/** Returns the arguments of `sess_save_many`. */
export function formatSaves(saves: readonly Save[]): { list: string; texts: Buffer } {
  let start = 1;
  const list = saves.map((save) => {
    const lengths = textsOf(save).map((text) => Buffer.byteLength(text));
    const item = [save.sid, save.ttlMs, save.kind, start, ...lengths];
    start += lengths.reduce((sum, length) => sum + length, 0);
    return item;
  });
  return { list: JSON.stringify(list), texts: Buffer.from(saves.flatMap(textsOf).join('')) };
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

function textsOf(save: Save): string[] {
  switch (save.kind) {
    case 'touch':
      return [];
    case 'merge':
      return [save.changed, save.removed];
    case 'update':
      return [save.sess];
  }
}
