import { createHash } from 'node:crypto';
import type { SessionData } from 'express-session';

declare module 'express-session' {
  interface SessionData {
    user?: { id: number; name: string; roles: string[] };
    views?: number;
    items?: Array<{ id: number; title: string; price: number }>;
    note?: string;
  }
}

type Content = Omit<SessionData, 'cookie'>;

/** The lifetime of a session in milliseconds: one day. */
export const lifetime = 86_400_000;

/** JSON text of the content, by the size of the session. */
const texts = new Map<number, string>();

/** Returns the content of a session whose JSON text has `size` characters, the cookie included. */
export function contentOf(size: number): Content {
  const text = texts.get(size) ?? JSON.stringify(createContent(size));
  texts.set(size, text);
  return JSON.parse(text);
}

/** Returns the JSON text of a session of this size. */
export function sessionText(size: number): string {
  return withCookie(contentOf(size));
}

function createContent(size: number): Content {
  const items: NonNullable<Content['items']> = [];
  const content = {
    user: { id: 4_711, name: 'Ada Lovelace', roles: ['customer', 'author'] },
    views: 100_000,
    items,
    note: '',
  };
  // Items fill nine tenths of the text, and a note fills the rest.
  for (let id = 0; ; id++) {
    const item = {
      id,
      title: `An item that a customer put into the cart, number ${id}`,
      price: 19.9,
    };
    if (withCookie(content).length + JSON.stringify(item).length > size * 0.9) break;
    items.push(item);
  }
  content.note = 'n'.repeat(Math.max(0, size - withCookie(content).length));
  return content;
}

function withCookie(content: Content): string {
  const expires = new Date(Date.now() + lifetime);
  const cookie = { originalMaxAge: lifetime, expires, httpOnly: true, path: '/' };
  return JSON.stringify({ cookie, ...content });
}

/** Sessions whose ids derive from a name and a number. With an empty name, SQL derives the same. */
export interface Population {
  readonly name: string;
  readonly from: number;
  /** The last number, included. */
  readonly to: number;
}

/** Returns an id of 32 characters, as express-session creates them. */
export function sessionId({ name }: Population, number: number): string {
  return createHash('sha224').update(`${name}${number}`).digest('hex').slice(0, 32);
}

/** Returns the ids of `count` different sessions in random order, or of all if there are fewer. */
export function sampleIds(population: Population, count: number): string[] {
  const size = population.to - population.from + 1;
  const numbers = new Set<number>();
  while (numbers.size < Math.min(count, size)) {
    numbers.add(population.from + Math.floor(Math.random() * size));
  }
  return Array.from(numbers, (number) => sessionId(population, number));
}
