import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { SessionData } from 'express-session';
import { deviceName } from './device';

declare module 'express-session' {
  interface SessionData {
    /** The user's id, after the sign-in. */
    userId?: string;
    /** The user's name as typed. */
    name?: string;
    visits?: number;
    /** The device's name, for example "Firefox on Windows". */
    device?: string;
    /** In ISO 8601. */
    lastSeen?: string;
    /** The token in the forms of this session: it prevents cross-site request forgery. */
    formToken?: string;
    /** A message for the next page. */
    notice?: string;
  }
}

export interface User {
  /** The value of the attribute user_id. */
  readonly id: string;
  /** The name as typed. */
  readonly name: string;
}

/** The longest name of a user, in characters. */
export const longestName = 50;

/** Returns the user with this name, in capitals or not; undefined if it is not a name. */
export function parseUser(typed: unknown): User | undefined {
  const name = String(typed ?? '')
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const id = name.toLowerCase();
  // Lower case can be longer, and the attribute has a limit.
  const isTooLong = Math.max(name.length, id.length) > longestName;
  return name === '' || isTooLong ? undefined : { id, name };
}

/** Returns the user who is signed in; undefined before the sign-in. */
export function userOf({ userId, name }: Partial<SessionData>): User | undefined {
  return userId === undefined ? undefined : { id: userId, name: name ?? userId };
}

/** Signs a user in with a new session id, which prevents session fixation. */
export async function signIn(request: Request, user: User): Promise<void> {
  await promised((callback) => request.session.regenerate(callback));
  Object.assign(request.session, {
    userId: user.id,
    name: user.name,
    visits: 0,
    device: deviceName(request.get('user-agent')),
    lastSeen: new Date().toISOString(),
    formToken: randomBytes(32).toString('base64url'),
  });
  await save(request);
}

export async function signOut(request: Request): Promise<void> {
  await promised((callback) => request.session.destroy(callback));
}

/** Saves before a redirect. Without it, the next request can load the session before the save. */
export async function save(request: Request): Promise<void> {
  await promised((callback) => request.session.save(callback));
}

function promised(start: (callback: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}

/** In milliseconds. Each update is a write, so not every request updates. */
const lastSeenPrecision = 60_000;

/** Updates the time when the device was last seen. */
export const updateLastSeen: RequestHandler = ({ session }, _response, next) => {
  const age = Date.now() - Date.parse(session.lastSeen ?? '');
  if (session.userId !== undefined && age >= lastSeenPrecision) {
    session.lastSeen = new Date().toISOString();
  }
  next();
};
