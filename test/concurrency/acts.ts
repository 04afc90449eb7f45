import type { Request } from 'express';

type Act = (request: Request) => Promise<void>;

const save: Act = ({ session }) =>
  new Promise((resolve, reject) => {
    session.save((error) => (error ? reject(error) : resolve()));
  });

const reload: Act = ({ session }) =>
  new Promise((resolve, reject) => {
    session.reload((error) => (error ? reject(error) : resolve()));
  });

const change: Act = async ({ session }) => {
  session.value = Math.random();
};

/** What a request does with the session that it has loaded; express-session saves or touches it at the end. */
export const acts: Readonly<Record<string, Act>> = {
  change,
  touch: async () => {},
  reload,
  'reload-and-change': (request) => reload(request).finally(() => change(request)),
  'save-twice': async (request) => {
    await change(request);
    await save(request);
    await change(request);
  },
};

/** Whether a request failed because express-session found no session to reload. */
export function isReloadOfNone(error: unknown): boolean {
  return error instanceof Error && error.message === 'failed to load session';
}
