/** Whether this is a full run: `npm run test:full`. It tries every case, and more random ones. */
export const isFullRun = process.env.TEST_FULL === '1';

/** Returns all items in a full run, else a sample of them. */
export function sample<T>(items: readonly T[], count: number): readonly T[] {
  return isFullRun ? items : sampleOf(items, count);
}

/** Returns `count` items, 2 or more: the first, the last, and some between. */
export function sampleOf<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  const step = (items.length - 1) / (count - 1);
  return items.filter((_, index) => {
    const nearest = Math.round(Math.round(index / step) * step);
    return nearest === index;
  });
}
