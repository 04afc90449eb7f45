import type { SessionData } from 'express-session';
import './session-data';

/** Whoever is signed in. */
export interface User {
  /** What sessions are found by. */
  readonly id: string;
  /** As it was typed. */
  readonly name: string;
}

/** The longest name that the form takes, in characters. */
export const longestName = 50;

/** Who goes by a name, whatever its capitals; nobody where it is no name. */
export function userOf(typed: unknown): User | undefined {
  const name = String(typed ?? '')
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const id = name.toLowerCase();
  // A name may get longer without its capitals, and a longer id would not fit the attribute.
  return name === '' || Math.max(name.length, id.length) > longestName ? undefined : { id, name };
}

/** Whose session it is; nobody's before a sign-in. */
export function userIn({ userId, name }: Partial<SessionData>): User | undefined {
  return userId === undefined ? undefined : { id: userId, name: name ?? userId };
}
