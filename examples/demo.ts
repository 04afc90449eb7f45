import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { Visitor, type VisitorDevice } from './demo/browser';
import { serveGuide } from './demo/guide';
import {
  type Account,
  checkCleanup,
  checkDenials,
  createAccount,
  createApplicationAccount,
  type DemoDatabase,
  expireSession,
  indexUserId,
  install,
  readSessions,
  runCli,
  showPlan,
  showSessions,
  withDatabase,
} from './demo/installation';
import { check, fail, heading, say } from './demo/output';
import { Application } from './demo/program';
import { findServer } from './demo/server';

const laptop: VisitorDevice = {
  name: 'laptop',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
};

const phone: VisitorDevice = {
  name: 'phone',
  userAgent:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36',
};

/** Runs one step of the demo under its title. */
type Step = <Result>(title: string, action: () => Promise<Result>) => Promise<Result>;

/** `npm run demo` shows all steps. `npm run demo -- --serve` serves the application to browsers. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { serve: { type: 'boolean', default: false } } });
  const interruption = interruptionSignal();
  const step: Step = (title, action) => {
    interruption.throwIfAborted();
    heading(title);
    return action();
  };

  const server = await findServer(interruption);
  try {
    say(`The server is ${server.title}.`);
    await withDatabase(server.url, async (database) => {
      const account = await prepare(step, database);
      const start = () => startApplication(account);
      const app = await step('The application starts with this account', start);
      try {
        await (values.serve
          ? serve(database, app, interruption)
          : runStory(step, database, account, app));
      } finally {
        await app.stop();
      }
    });
  } finally {
    await server.stop();
  }
}

/** Aborts on Ctrl-C and on the signals of a supervisor. The demo then cleans up and ends. */
function interruptionSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort(new Error(`Interrupted by ${signal}.`)));
  }
  // For example `head` closes the pipe when it has its lines.
  process.stdout.on('error', (error) => controller.abort(error));
  return controller.signal;
}

/** The part of the DBA, before the application starts for the first time. */
async function prepare(step: Step, database: DemoDatabase): Promise<Account> {
  await step('The DBA reads the SQL of the installation', () => showPlan(database));
  await step('The DBA installs it', () => install(database));
  await step('The DBA makes sessions searchable by user', () => indexUserId(database));
  return step("The DBA creates the application's account", () =>
    createApplicationAccount(database),
  );
}

async function startApplication(account: Account): Promise<Application> {
  const app = await Application.start(account.url);
  say(`It serves ${app.url} and connects as ${account.name}.`);
  return app;
}

async function serve(
  database: DemoDatabase,
  app: Application,
  interruption: AbortSignal,
): Promise<void> {
  const guide = await serveGuide(app.url, () => readSessions(database));
  try {
    say(`Open ${guide.url} in a browser: the page says what to click.`);
    say('Press Ctrl-C to stop, and to drop the database and its accounts.');
    if (!interruption.aborted) {
      await Promise.race([once(interruption, 'abort'), app.ended]);
    }
  } finally {
    await guide.close();
  }
  if (!interruption.aborted) {
    throw new Error(`The application ended with ${await app.ended}.`);
  }
}

async function runStory(
  step: Step,
  database: DemoDatabase,
  account: Account,
  app: Application,
): Promise<void> {
  const ada = new Visitor('Ada', app.url);
  const grace = new Visitor('Grace', app.url);

  await step('Two people sign in, each in a browser', async () => {
    await ada.signIn();
    await grace.signIn();
  });
  await step('The DBA looks at the table', async () => {
    const rows = await showSessions(database, 'ada');
    check("Ada's session has a row.", rows === 1, `${rows} rows`);
  });
  await step('The application restarts', async () => {
    const code = await app.restart();
    check('The first process has ended with exit code 0.', code === 0, code);
    say(`Another process serves ${app.url} now.`);
    await ada.checkSignedIn();
    await grace.checkSignedIn();
  });
  await step('Ada signs out', async () => {
    const cookie = await ada.cookie();
    await ada.signOut();
    await ada.checkOldCookie(cookie);
    await grace.checkSignedIn();
  });
  await step("Grace's session expires", async () => {
    const sid = await grace.sessionId();
    await expireSession(database, sid);
    await grace.checkSignedOut();
    say('The store cleans up expired sessions every second here.');
    await checkCleanup(database, sid);
  });

  const adaAtLaptop = new Visitor('Ada', app.url, laptop);
  const adaAtPhone = new Visitor('Ada', app.url, phone);
  await step('Ada signs in on her laptop and on her phone', async () => {
    await adaAtLaptop.signIn();
    await adaAtPhone.signIn();
    await adaAtLaptop.checkDevices('Firefox on Linux', 'Chrome on Android');
  });
  await step('Ada loses the phone, and signs it out from the laptop', async () => {
    await adaAtLaptop.signOutDevice('Chrome on Android');
    await adaAtPhone.checkSignedOut();
    await adaAtLaptop.checkSignedIn();
  });
  await step("Support ends Ada's sessions", () => endSessions(database, adaAtLaptop));
  await step("The application's account tries to use the table", () => checkDenials(account));
}

/** Support needs an account with the role operator, and no SQL. */
async function endSessions(database: DemoDatabase, visitor: Visitor): Promise<void> {
  const support = await createAccount(database, 'support');
  await runCli(database.url, 'grant', support.name, '--role', 'operator');

  say("MYSQL_URL is the URL of support's account now.");
  const condition = `user_id=${visitor.name.toLowerCase()}`;
  const listed = await runCli(support.url, 'list', '--where', condition);
  const isListed = listed.includes(await visitor.sessionId());
  check(`Support finds ${visitor.name}'s session.`, isListed, listed);

  const ended = await runCli(support.url, 'end', '--where', condition);
  check('Support has ended one session.', /\b1 session\b/.test(ended), ended);
  await visitor.checkSignedOut();
}

main().catch((error: unknown) => {
  fail(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
