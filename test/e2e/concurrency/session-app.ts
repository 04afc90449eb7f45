import express, { type ErrorRequestHandler, type Express } from 'express';
import expressSession, { type SessionOptions, type Store } from 'express-session';
import { get } from '../../support/http';

declare module 'express-session' {
  interface SessionData {
    /** The user who is logged in. */
    user?: string;
  }
}

/** Creates an Express app with sessions. The app records its errors for `failuresOf`. */
export function sessionApp(
  store: Store,
  addRoutes: (app: Express) => void,
  options: Partial<SessionOptions> = {},
): Express {
  const failures: string[] = [];
  const app = express();
  app.get('/failures', (_request, response) => {
    response.json(failures);
  });
  app.use(
    expressSession({
      store,
      secret: 'a secret for the tests',
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: 3_600_000 },
      ...options,
    }),
  );
  addRoutes(app);
  const fail: ErrorRequestHandler = (error, _request, response, _next) => {
    failures.push(String(error));
    // If the save at the end of a request fails, the response is already on its way.
    if (!response.headersSent) {
      response.status(500).send(String(error));
    }
  };
  app.use(fail);
  return app;
}

/** Returns all errors that the apps have recorded. */
export async function failuresOf(origins: readonly string[]): Promise<string[]> {
  const responses = await Promise.all(origins.map((origin) => get(`${origin}/failures`)));
  return responses.flatMap(({ body }): string[] => JSON.parse(body));
}
