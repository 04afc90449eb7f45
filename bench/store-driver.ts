import { promisify } from 'node:util';
import type { Request } from 'express';
import expressSession, { type Session, type SessionData, type Store } from 'express-session';
import { forEachConcurrently } from './measures/calls';
import { contentOf, lifetime, type Population, sampleIds, sessionId } from './sessions';

export interface LoadedSession {
  readonly sid: string;
  readonly session: Session & Partial<SessionData>;
}

type Done = (error?: unknown) => void;
type Found = (error: unknown, session?: SessionData | null) => void;

export type StoreDriver = ReturnType<typeof driveStore>;

/** Returns functions that call a store as express-session does, without HTTP. */
export function driveStore(store: Store) {
  // The middleware gives the store its method `generate`.
  expressSession({
    store,
    secret: 'secret',
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: lifetime },
  });

  const get = promisify((sid: string, done: Found): void => store.get(sid, done));
  const set = promisify(({ sid, session }: LoadedSession, done: Done): void => {
    store.set(sid, session as SessionData, done);
  });
  // Some stores call back with an error, although the type of `done` has none.
  const touch = promisify(({ sid, session }: LoadedSession, done: Done): void => {
    store.touch?.(sid, session as SessionData, done as () => void);
  });
  const destroy = promisify((sid: string, done: Done): void => store.destroy(sid, done));

  /** Returns a new session that is not in the store yet. */
  const create = (size: number): LoadedSession => {
    const request = { sessionStore: store } as unknown as Request;
    request.sessionStore.generate(request);
    Object.assign(request.session, contentOf(size));
    return { sid: request.sessionID, session: request.session };
  };

  /** Loads a session as a request does. */
  const load = async (sid: string): Promise<LoadedSession> => {
    const data = await get(sid);
    if (!data) throw new Error(`Session ${sid} is missing`);
    const request = { sessionStore: store, sessionID: sid } as unknown as Request;
    store.createSession(request, data);
    request.session.touch();
    return { sid, session: request.session };
  };

  /** Loads random sessions of a population. */
  const loadMany = (population: Population, count: number): Promise<LoadedSession[]> =>
    forEachConcurrently(sampleIds(population, count), load);

  /** Saves a new session under each id of a population. */
  const fill = async (population: Population, size: number): Promise<void> => {
    const { from, to } = population;
    const sids = Array.from({ length: to - from + 1 }, (_, i) => sessionId(population, from + i));
    await forEachConcurrently(sids, (sid) => set({ ...create(size), sid }));
  };

  return { get, set, touch, destroy, create, load, loadMany, fill };
}
