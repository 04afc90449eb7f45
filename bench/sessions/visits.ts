import type { Request } from 'express';
import expressSession, { type Session, type SessionData, type Store } from 'express-session';
import { day } from './data';

export interface Visit {
  readonly sid: string;
  readonly session: Session & Partial<SessionData>;
}

/** A store under the hands of express-session: what the middleware does with it, step by step and without HTTP. */
export class Visits {
  constructor(private readonly store: Store) {
    // Gives the store its way to make a session.
    expressSession({
      store,
      secret: 'secret',
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: day },
    });
  }

  /** A session that is in no store yet. */
  begin(data: Omit<SessionData, 'cookie'>): Visit {
    const request = { sessionStore: this.store } as unknown as Request;
    request.sessionStore.generate(request);
    Object.assign(request.session, data);
    return { sid: request.sessionID, session: request.session };
  }

  /** A session as a request gets it. */
  async load(sid: string): Promise<Visit> {
    const data = await this.get(sid);
    if (!data) throw new Error('A session that should be there is not');
    const request = { sessionStore: this.store, sessionID: sid } as unknown as Request;
    this.store.createSession(request, data);
    request.session.touch();
    return { sid, session: request.session };
  }

  get(sid: string): Promise<SessionData | null | undefined> {
    return new Promise((resolve, reject) => {
      this.store.get(sid, (error, session) => (error ? reject(error) : resolve(session)));
    });
  }

  set({ sid, session }: Visit): Promise<void> {
    return new Promise((resolve, reject) => {
      this.store.set(sid, session as SessionData, (error) => (error ? reject(error) : resolve()));
    });
  }

  touch({ sid, session }: Visit): Promise<void> {
    return new Promise((resolve, reject) => {
      // Some stores call back with an error that the types do not tell of.
      const done = (error?: unknown) => (error ? reject(error) : resolve());
      this.store.touch?.(sid, session as SessionData, done);
    });
  }

  destroy(sid: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.store.destroy(sid, (error) => (error ? reject(error) : resolve()));
    });
  }
}
