import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { deviceOf } from './device';
import './session-data';
import type { User } from './user';

/** Signs somebody in under a new session id: one known to others before says nothing afterwards. */
export async function signIn(request: Request, user: User): Promise<void> {
  await done((callback) => request.session.regenerate(callback));
  Object.assign(request.session, {
    userId: user.id,
    name: user.name,
    visits: 0,
    device: deviceOf(request.get('user-agent')),
    lastSeen: new Date().toISOString(),
    formToken: randomBytes(32).toString('base64url'),
  });
  await save(request);
}

export async function signOut(request: Request): Promise<void> {
  await done((callback) => request.session.destroy(callback));
}

/** Not left to the end of the response: the browser may follow a redirect before that has saved. */
export async function save(request: Request): Promise<void> {
  await done((callback) => request.session.save(callback));
}

function done(start: (callback: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}
