import { ask, cookieOf } from './ask';
import type { Calls } from './calls';
import { inLanes } from './lanes';

export interface Plan {
  /** Where the counting app is. */
  readonly origins: readonly string[];
  readonly lanes: number;
  readonly turns: number;
}

export interface Counting {
  /** What each lane has counted to. */
  readonly counts: readonly number[];
  /** How many updates are not to be seen in the counts. */
  readonly lost: number;
}

/** Begins a session to count in, and gives its cookie. */
export async function beginCounting([origin]: readonly string[]): Promise<string> {
  return cookieOf(await ask(`${origin}/count/first`));
}

/**
 * Counts in one session, in lanes side by side, each at a key of its own. Each turn of a lane goes to the next
 * app, which must see what the one before has counted.
 */
export async function countInLanes(
  { origins, lanes, turns }: Plan,
  cookie: string,
  calls: Calls,
): Promise<Counting> {
  await inLanes(lanes, turns, (lane, turn) =>
    calls.take(() => ask(`${origins[(lane + turn) % origins.length]}/count/lane${lane}`, cookie)),
  );
  const found: Record<string, number> = JSON.parse((await ask(`${origins[0]}/counts`, cookie)).body);
  const counts = Array.from({ length: lanes }, (_, lane) => found[`lane${lane}`] ?? 0);
  return { counts, lost: lanes * turns - counts.reduce((sum, count) => sum + count, 0) };
}
