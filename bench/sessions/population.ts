import { createHash } from 'node:crypto';

/** Sessions whose ids follow from a name and a number: where the name is empty, SQL makes them too. */
export interface Population {
  readonly name: string;
  /** From and up to these numbers, both included. */
  readonly from: number;
  readonly to: number;
}

/** 32 characters, as express-session's ids have. */
export function idOf({ name }: Pick<Population, 'name'>, number: number): string {
  return createHash('sha224').update(`${name}${number}`).digest('hex').slice(0, 32);
}

/** Ids of so many different sessions, or of all where there are fewer. */
export function sample(population: Population, count: number): string[] {
  const { from } = population;
  const size = population.to - from + 1;
  const numbers = new Set<number>();
  if (count * 2 > size) {
    return shuffled(Array.from({ length: size }, (_, index) => from + index))
      .slice(0, count)
      .map((number) => idOf(population, number));
  }
  while (numbers.size < count) numbers.add(from + Math.floor(Math.random() * size));
  return Array.from(numbers, (number) => idOf(population, number));
}

function shuffled<Item>(items: Item[]): Item[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [items[last], items[other]] = [items[other] as Item, items[last] as Item];
  }
  return items;
}
