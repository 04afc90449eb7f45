import type { Table } from '../contenders';

/** The administrator of one contender's table, who does to it what is not measured. */
export interface Keeper {
  /** Puts the sessions of these numbers in, or moves their ends; both numbers are included. */
  fill(from: number, to: number, ends: Ends): Promise<void>;
  /** Waits until the server has done what it does after a lot was written. */
  settle(): Promise<void>;
  /** The bytes of the table and its indexes on the disk. */
  bytes(): Promise<number>;
  /** How many sessions have expired and are still there. */
  expired(): Promise<number>;
  /** How many deadlocks the server has met since it started; undefined where it does not tell. */
  deadlocks(): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Whether the sessions live for about a day, or expired within the last twelve hours. */
export type Ends = 'live' | 'expired';

export interface Keeping {
  readonly url: string;
  readonly table: Table;
  /** A session's JSON text. */
  readonly text: string;
  /** What is made of the text, the placeholder, for each `n`: an expression; the text itself unless it is given. */
  readonly data?: string;
}

/** How many rows a statement fills in. */
const batchSize = 100_000;

/** Calls with the first and last number of each batch. */
export async function inBatches(
  from: number,
  to: number,
  work: (first: number, last: number) => Promise<unknown>,
): Promise<void> {
  for (let first = from; first <= to; first += batchSize) {
    await work(first, Math.min(to, first + batchSize - 1));
  }
}
