import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { type ContenderProcess, rotated, withContenders } from '../contender-process';
import { own } from '../contenders';
import type { Context, Measure } from '../plan';
import { forEachConcurrently, measureCalls } from './calls';

const agent = new Agent({ keepAlive: true });

interface App {
  readonly process: ContenderProcess;
  readonly url: string;
  readonly cookies: readonly string[];
}

/** Measures pages of an Express application that read or change the session. */
export const pages: Measure = {
  title: 'What users of an application feel',
  about: ({ pages: { connections, sessions, size } }) => `An Express application serves
${connections} connections and ${sessions} sessions of ${size} B. The options \`resave\`,
\`saveUninitialized\` and \`rolling\` are false. The cookie lives for one day. A ratio compares
${own} to each contender. More requests a second are better. For all other figures,
less is better.`,
  servers: ['mysql', 'redis'],

  run: (context) =>
    withContenders(context, true, async (processes) => {
      context.log('sign in');
      const { size, sessions } = context.plan.pages;
      const apps: App[] = [];
      for (const process of processes) {
        const url = await process.ask('listen', size);
        const cookies = await forEachConcurrently([...Array(sessions).keys()], () => signIn(url));
        apps.push({ process, url, cookies });
      }
      for (let round = 0; round < context.plan.rounds; round++) {
        for (const page of ['read', 'change']) {
          context.log(`round ${round + 1} of ${context.plan.rounds}, pages that ${page}`);
          for (const app of rotated(apps, round)) await measurePage(context, app, page);
        }
      }
    }),
};

/** Returns the cookie of a new session. */
async function signIn(url: string): Promise<string> {
  const { headers } = await fetch(`${url}/sign-in`);
  return headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
}

async function measurePage(context: Context, app: App, page: string): Promise<void> {
  const { connections, seconds } = context.plan.pages;
  const { process, cookies } = app;
  const url = `${app.url}/${page}`;
  const operation = {
    prepare: () => [...cookies],
    run: (cookie: string) => getPage(url, cookie),
  };
  const effort = { callers: connections, batch: cookies.length };
  // Pools that closed idle connections open them again before the measured requests.
  await measureCalls(operation, { ...effort, milliseconds: 500 });
  const { server } = process.contender;
  const pid = server && context.servers.get(server)?.pid;
  const before = { app: await process.ask('cpu'), server: cpuOf(pid) };
  const timing = await measureCalls(operation, { ...effort, milliseconds: seconds * 1_000 });
  const after = { app: await process.ask('cpu'), server: cpuOf(pid) };
  const add = (row: string, lessIsBetter: boolean, value: number) => {
    const section = `Pages that ${page} the session`;
    context.samples.add({ section, row, contender: process.name, lessIsBetter }, value);
  };
  add('requests a second', false, timing.rate);
  add('p50, ms', true, timing.p50);
  add('p99, ms', true, timing.p99);
  const perRequest = (milliseconds: number) => (milliseconds * 1_000) / timing.calls;
  add('CPU of the application, µs a request', true, perRequest(after.app - before.app));
  if (before.server === undefined || after.server === undefined) return;
  add('CPU of the server, µs a request', true, perRequest(after.server - before.server));
}

/** @throws {Error} for an answer that is not the page */
function getPage(url: string, cookie: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { cookie } }, (response) => {
      response
        .resume()
        .on('error', reject)
        .on('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`${url} answered with ${response.statusCode}, not with the page`));
        });
    });
    request.on('error', reject);
  });
}

/**
 * Returns the CPU time of a process and its children in milliseconds, or undefined without /proc.
 * The four fields are in hundredths of a second:
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function cpuOf(pid: number | undefined): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? [];
    return children.reduce((sum, child) => sum + (cpuOf(Number(child)) ?? 0), ticks * 10);
  } catch {
    return undefined;
  }
}
