import { join } from 'node:path';
import type { Contender } from '../contenders';
import { cpuOf } from '../servers';
import type { AppServices } from '../workers/app';
import type { Remote } from '../workers/remote';
import { start, startAll, stopAll } from '../workers/start';
import { type Context, inTurn, placeOf, present } from './context';
import { load, type Served, signIn } from './load';

export const pageNames = ['read', 'change'] as const;

export type PageName = (typeof pageNames)[number];

/** What a page is without any session: the limit of every store. */
const noSession = 'no session';

export interface PageRound extends Served {
  /** CPU time of the application's process, in microseconds a request. */
  readonly appCpu: number;
  /** The same of the database server; undefined where there is none, or it does not tell. */
  readonly serverCpu?: number | undefined;
}

export interface PageSample {
  readonly contender: string;
  readonly page: PageName;
  readonly rounds: PageRound[];
}

interface App {
  readonly name: string;
  readonly remote: Remote<AppServices>;
  readonly url: string;
  readonly cookies: readonly string[];
  /** The process of its database server. */
  readonly pid: number | undefined;
}

/** What a user feels: pages of an Express application, which only read the session or change it. */
export async function measurePages(context: Context): Promise<PageSample[]> {
  const { rounds } = context.plan;
  context.say('pages: people sign in');
  const apps = await startAll([...present(context), undefined].map((contender) => open(context, contender)));
  try {
    const samples: PageSample[] = apps.flatMap(({ name }) =>
      pageNames.map((page) => ({ contender: name, page, rounds: [] })),
    );
    for (let round = 0; round < rounds; round++) {
      for (const page of pageNames) {
        context.say(`pages: round ${round + 1} of ${rounds}, a page to ${page}`);
        for (const app of inTurn(apps, round)) {
          const result = await measure(context, app, page);
          samples
            .find((sample) => sample.contender === app.name && sample.page === page)
            ?.rounds.push(result);
        }
      }
    }
    return samples;
  } finally {
    await stopAll(apps);
  }
}

/** Starts the application of a contender, or the one without sessions. */
function open(context: Context, contender: Contender | undefined): Promise<App> {
  const { sessions, size } = context.plan.pages;
  const name = contender?.name ?? noSession;
  const file = join(__dirname, '../workers/app.ts');
  return start<AppServices, Omit<App, 'remote'>>(file, name, async (remote) => {
    const url = await remote.ask('listen', {
      contender: contender && { name, place: await placeOf(context, contender, 'pages') },
      size,
    });
    const server = contender?.server && context.servers.running.get(contender.server);
    return { name, url, cookies: await signIn(url, sessions), pid: server?.pid };
  });
}

async function measure(
  context: Context,
  { remote, url, cookies, pid }: App,
  page: PageName,
): Promise<PageRound> {
  const { connections, seconds, warmUp } = context.plan.pages;
  const effort = { url: `${url}/${page}`, cookies, connections };
  // Pools that closed idle connections open them again.
  if (warmUp > 0) await load({ ...effort, seconds: warmUp });
  const before = { app: await remote.ask('cpu', undefined), server: cpuOf(pid) };
  const served = await load({ ...effort, seconds });
  const after = { app: await remote.ask('cpu', undefined), server: cpuOf(pid) };
  const each = (milliseconds: number) => (milliseconds * 1_000) / served.requests;
  return {
    ...served,
    appCpu: each(after.app - before.app),
    ...(before.server === undefined || after.server === undefined
      ? {}
      : { serverCpu: each(after.server - before.server) }),
  };
}
