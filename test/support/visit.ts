import { promisify } from 'node:util';
import type { Request } from 'express';
import expressSession, { type Session, type SessionData } from 'express-session';
import type { MySQLSessionStore } from '../../src';

const prepared = new WeakSet<MySQLSessionStore>();

/** Creates the middleware, because it adds the method `generate` to the store. */
function prepare(store: MySQLSessionStore): void {
  if (!prepared.has(store)) {
    expressSession({ store, secret: 'secret', resave: false, saveUninitialized: false });
    prepared.add(store);
  }
}

/** A request with its session. Does what express-session does, in single steps and without HTTP. */
export class Visit {
  private constructor(
    private readonly store: MySQLSessionStore,
    private readonly request: Request,
  ) {}

  /** Starts a request without a cookie. Its session is new and not saved. */
  static first(store: MySQLSessionStore, maxAge = 60_000): Visit {
    prepare(store);
    const request = { sessionStore: store } as unknown as Request;
    request.sessionStore.generate(request);
    request.session.cookie.maxAge = maxAge;
    return new Visit(store, request);
  }

  /** Starts a request with an id in its cookie. Returns `undefined` if the session is missing. */
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

/** Starts a request with an id in its cookie. Throws if the session is missing. */
export async function loadVisit(store: MySQLSessionStore, sid: string): Promise<Visit> {
  const visit = await Visit.next(store, sid);
  if (visit === undefined) {
    throw new Error(`The store has no session ${sid}.`);
  }
  return visit;
}

/** Saves a new session with data, and returns its id. `maxAge` is in milliseconds. */
export async function saveNewSession(
  store: MySQLSessionStore,
  data: Record<string, unknown> = {},
  maxAge?: number,
): Promise<string> {
  const visit = Visit.first(store, maxAge);
  Object.assign(visit.session, data);
  await visit.save();
  return visit.sid;
}
