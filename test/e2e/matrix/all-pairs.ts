/** The values of each axis, by the axis's name. */
type Axes = Record<string, readonly unknown[]>;

/** One value of each axis. */
export type Combination<A extends Axes> = { readonly [Name in keyof A]: A[Name][number] };

/**
 * Returns combinations that contain each pair of values of two axes. A fault rarely needs more than
 * two settings, and all pairs need far fewer combinations than the full product.
 *
 * @see https://en.wikipedia.org/wiki/All-pairs_testing
 */
export function allPairs<A extends Axes>(axes: A): Combination<A>[] {
  const candidates = new Map(product(axes).map((indexes) => [indexes, pairsOf(indexes)]));
  const missing = new Set([...candidates.values()].flat());
  const chosen: Combination<A>[] = [];
  while (missing.size > 0) {
    const [indexes, pairs] = best(candidates, missing);
    candidates.delete(indexes);
    for (const pair of pairs) {
      missing.delete(pair);
    }
    chosen.push(combination(axes, indexes));
  }
  return chosen;
}

function product(axes: Axes): number[][] {
  return Object.values(axes).reduce<number[][]>(
    (rows, values) => rows.flatMap((row) => values.map((_, index) => [...row, index])),
    [[]],
  );
}

function pairsOf(indexes: readonly number[]): string[] {
  return indexes.flatMap((index, axis) =>
    indexes
      .slice(axis + 1)
      .map((other, distance) => `${axis}:${index} ${axis + 1 + distance}:${other}`),
  );
}

/** Returns the candidate with the most missing pairs. */
function best(
  candidates: ReadonlyMap<number[], string[]>,
  missing: ReadonlySet<string>,
): [indexes: number[], pairs: string[]] {
  let chosen: [number[], string[]] = [[], []];
  let most = 0;
  for (const [indexes, pairs] of candidates) {
    const count = pairs.filter((pair) => missing.has(pair)).length;
    if (count > most) {
      most = count;
      chosen = [indexes, pairs];
    }
  }
  return chosen;
}

function combination<A extends Axes>(axes: A, indexes: readonly number[]): Combination<A> {
  const entries = Object.entries(axes).map(([name, values], axis) => [
    name,
    values[indexes[axis] ?? 0],
  ]);
  return Object.fromEntries(entries) as Combination<A>;
}
