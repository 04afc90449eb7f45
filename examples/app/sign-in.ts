import type { Request } from 'express';

declare module 'express-session' {
  interface SessionData {
    name?: string;
    visits?: number;
  }
}

/** Signs somebody in under a new session id: one known to others before says nothing afterwards. */
export async function signIn(request: Request, name: string): Promise<void> {
  await done((callback) => request.session.regenerate(callback));
  Object.assign(request.session, { name, visits: 0 });
  // Not left to the end of the response: the browser may follow the redirect before that is saved.
  await done((callback) => request.session.save(callback));
}

export async function signOut(request: Request): Promise<void> {
  await done((callback) => request.session.destroy(callback));
}

function done(start: (callback: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}
