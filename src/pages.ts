/** How many rows a page has. */
export const pageSize = 1_000;

/** All items, a page at a time; a page starts after the id of the last item of the page before. */
export async function everyPage<Item>(
  page: (after: string) => Promise<Item[]>,
  idOf: (item: Item) => string,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let after = ''; ; ) {
    const next = await page(after);
    items.push(...next);
    const last = next.at(-1);
    if (last === undefined || next.length < pageSize) {
      return items;
    }
    after = idOf(last);
  }
}
