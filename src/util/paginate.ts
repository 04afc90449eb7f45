/** Loads a page: at most `limit` items with a key after `after`, in the order of the keys. */
export type LoadPage<Item> = (after: string, limit: number) => Promise<Item[]>;

const defaultPageSize = 1_000;

/** Yields page after page by key. Loads a page when the caller asks for it. */
export async function* paginate<Item>(
  loadPage: LoadPage<Item>,
  keyOf: (item: Item) => string,
  pageSize: number,
): AsyncGenerator<Item[], void, undefined> {
  for (let after = ''; ; ) {
    const page = await loadPage(after, pageSize);
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) {
      return;
    }
    after = keyOf(last);
  }
}

/** Returns the items of all pages. */
export async function collectPages<Item>(
  loadPage: LoadPage<Item>,
  keyOf: (item: Item) => string,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of paginate(loadPage, keyOf, defaultPageSize)) {
    items.push(...page);
  }
  return items;
}
