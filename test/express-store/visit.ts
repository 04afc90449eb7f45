import { promisify } from 'node:util';
import type { Request } from 'express';
import expressSession, { type Session, type SessionData } from 'express-session';
import type { MySQLSessionStore } from '../../src';

const prepared = new WeakSet<MySQLSessionStore>();

/** Has the middleware give the store its way to make a session. */
function prepare(store: MySQLSessionStore): void {
  if (!prepared.has(store)) {
    expressSession({ store, secret: 'secret', resave: false, saveUninitialized: false });
    prepared.add(store);
  }
}

/** What express-session holds of a request, and does with the store for it, step by step and without HTTP. */
export class Visit {
  private constructor(
    private readonly store: MySQLSessionStore,
    private readonly request: Request,
  ) {}

  /** A request of somebody without a session. */
  static first(store: MySQLSessionStore, maxAge = 60_000): Visit {
    prepare(store);
    const request = { sessionStore: store } as unknown as Request;
    request.sessionStore.generate(request);
    request.session.cookie.maxAge = maxAge;
    return new Visit(store, request);
  }

  /** A request with the id in its cookie; undefined where there is no such session. */
  static async next(store: MySQLSessionStore, sid: string): Promise<Visit | undefined> {
    prepare(store);
    const request = { sessionStore: store, sessionID: sid } as unknown as Request;
    const data = await store.get(sid);
    if (data === null) {
      return undefined;
    }
    store.createSession(request, data);
    return new Visit(store, request);
  }

  get sid(): string {
    return this.request.sessionID;
  }

  get session(): Session & Partial<SessionData> {
    return this.request.session;
  }

  save(): Promise<void> {
    this.session.touch();
    return promisify<void>((done) => this.session.save(done))();
  }

  touch(): Promise<void> {
    this.session.touch();
    return this.store.touch(this.sid, this.request.session);
  }

  reload(): Promise<void> {
    return promisify<void>((done) => this.session.reload(done))();
  }

  destroy(): Promise<void> {
    return promisify<void>((done) => this.session.destroy(done))();
  }

  regenerate(): Promise<void> {
    return promisify<void>((done) => this.session.regenerate(done))();
  }
}

/** A request with the id of a session that there is. */
export async function loaded(store: MySQLSessionStore, sid: string): Promise<Visit> {
  const visit = await Visit.next(store, sid);
  if (visit === undefined) {
    throw new Error('There is no such session');
  }
  return visit;
}

/** The id of a session that was just made, with data. */
export async function begun(store: MySQLSessionStore, data: Record<string, unknown> = {}): Promise<string> {
  const visit = Visit.first(store);
  Object.assign(visit.session, data);
  await visit.save();
  return visit.sid;
}
