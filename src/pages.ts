/** How many rows a page has where nothing else is said. */
export const pageSize = 1_000;

/** Pages, one when it is asked for; each starts after the id of the last item of the page before. */
export async function* pagesOf<Item>(
  page: (after: string) => Promise<Item[]>,
  idOf: (item: Item) => string,
  size: number,
): AsyncGenerator<Item[], void, undefined> {
  for (let after = ''; ; ) {
    const next = await page(after);
    yield next;
    const last = next.at(-1);
    if (last === undefined || next.length < size) {
      return;
    }
    after = idOf(last);
  }
}

/** All items, of all pages. */
export async function everyPage<Item>(
  page: (after: string) => Promise<Item[]>,
  idOf: (item: Item) => string,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const next of pagesOf(page, idOf, pageSize)) {
    items.push(...next);
  }
  return items;
}
