/** The values of each axis, by its name. */
type Axes = Record<string, readonly unknown[]>;

/** One value of each axis. */
export type Combination<A extends Axes> = { readonly [Name in keyof A]: A[Name][number] };

/**
 * Combinations in which every value of an axis meets every value of every other: what breaks takes two settings
 * at most, as a rule, and all pairs are far fewer than all combinations.
 */
export function allPairs<A extends Axes>(axes: A): Combination<A>[] {
  const left = new Map(product(axes).map((indexes) => [indexes, pairsOf(indexes)]));
  const missing = new Set([...left.values()].flat());
  const chosen: Combination<A>[] = [];
  while (missing.size > 0) {
    const [indexes, pairs] = best(left, missing);
    left.delete(indexes);
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
    indexes.slice(axis + 1).map((other, distance) => `${axis}:${index} ${axis + 1 + distance}:${other}`),
  );
}

function best(
  candidates: ReadonlyMap<number[], string[]>,
  missing: ReadonlySet<string>,
): [number[], string[]] {
  let most: [number[], string[]] = [[], []];
  let gain = 0;
  for (const [indexes, pairs] of candidates) {
    const gained = pairs.filter((pair) => missing.has(pair)).length;
    if (gained > gain) {
      gain = gained;
      most = [indexes, pairs];
    }
  }
  return most;
}

function combination<A extends Axes>(axes: A, indexes: readonly number[]): Combination<A> {
  const entries = Object.entries(axes).map(([name, values], axis) => [name, values[indexes[axis] ?? 0]]);
  return Object.fromEntries(entries) as Combination<A>;
}
