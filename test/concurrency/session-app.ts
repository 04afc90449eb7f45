import express, { type ErrorRequestHandler, type Express } from 'express';
import expressSession, { type SessionOptions, type Store } from 'express-session';
import { ask } from './ask';

/** An Express app with sessions. It remembers what failed in it, for no browser is told of all of that. */
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
    // A session that can't be saved at the end of a request fails when the answer is on its way.
    if (!response.headersSent) {
      response.status(500).send(String(error));
    }
  };
  app.use(fail);
  return app;
}

/** What failed in the apps so far. */
export async function failuresOf(origins: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(origins.map((origin) => ask(`${origin}/failures`)));
  return answers.flatMap(({ body }): string[] => JSON.parse(body));
}
