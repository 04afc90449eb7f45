import type { SessionData } from 'express-session';

declare module 'express-session' {
  interface SessionData {
    user?: { id: number; name: string; roles: string[] };
    views?: number;
    items?: Array<{ id: number; title: string; price: number }>;
    note?: string;
  }
}

/** A session's lifetime, as many sites have it: a day, in milliseconds. */
export const day = 86_400_000;

/** The user of every session, unless it gets another. */
export const usualUser = 4_711;

/** JSON text of what a session of a size holds. */
const texts = new Map<number, string>();

/** What a session holds besides its cookie, so that its JSON text has so many characters. */
export function dataOf(size: number): Omit<SessionData, 'cookie'> {
  const text = texts.get(size) ?? JSON.stringify(makeData(size));
  texts.set(size, text);
  return JSON.parse(text);
}

function makeData(size: number): Omit<SessionData, 'cookie'> {
  const items: NonNullable<SessionData['items']> = [];
  const data = {
    user: { id: usualUser, name: 'Ada Lovelace', roles: ['customer', 'author'] },
    views: 100_000,
    items,
    note: '',
  };
  // A cart that fills nine tenths, and a note for the rest.
  for (let room = size * 0.9 - lengthOf(data); ; ) {
    const item = {
      id: items.length,
      title: `A thing that somebody has put into the cart, number ${items.length}`,
      price: 19.9,
    };
    room -= JSON.stringify(item).length + 1;
    if (room < 0) break;
    items.push(item);
  }
  data.note = 'n'.repeat(Math.max(0, size - lengthOf(data)));
  return data;
}

/** The JSON text of a session of this size, with its cookie. */
export function textOf(size: number): string {
  return JSON.stringify({ cookie: cookie(), ...dataOf(size) });
}

function cookie(): object {
  return {
    originalMaxAge: day,
    expires: new Date(Date.now() + day).toISOString(),
    httpOnly: true,
    path: '/',
  };
}

function lengthOf(data: object): number {
  return JSON.stringify({ cookie: cookie(), ...data }).length;
}
