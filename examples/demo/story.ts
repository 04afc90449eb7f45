import type { Account } from './account';
import { Application } from './application';
import { check } from './check';
import type { DemoDatabase } from './database';
import { useTwoDevices } from './devices';
import { letExpire } from './expiry';
import { prepare } from './installation';
import type { Interruption } from './interruption';
import { say } from './output';
import { showRefusals } from './refusals';
import { showRows } from './rows';
import { type Step, stepsUntil } from './step';
import { endAllSessions } from './support';
import { Visitor } from './visitor';

/** The whole story, from an empty database to an application that keeps its users signed in. */
export async function tell(database: DemoDatabase, interruption: Interruption): Promise<void> {
  const step = stepsUntil(interruption);
  const account = await prepare(step, database);
  const app = await step('The application starts, as that account', () => start(account));
  try {
    await use(step, database, app);
    await step("The application's account goes for the table itself", () => showRefusals(account));
  } finally {
    await app.stop();
  }
}

async function use(step: Step, database: DemoDatabase, app: Application): Promise<void> {
  const ada = new Visitor('Ada', app.url);
  const grace = new Visitor('Grace', app.url);

  await step('Two people sign in, each with a browser of their own', async () => {
    await ada.signIn();
    await grace.signIn();
  });
  await step('The DBA looks at the table', async () => {
    const rows = await showRows(database);
    check('There is a row for each of them.', rows === 2, `${rows} rows`);
  });
  await step('The application is stopped and started again', async () => {
    await restart(app);
    await ada.isStillSignedIn();
    await grace.isStillSignedIn();
  });
  await step('Ada signs out', async () => {
    const cookie = await ada.cookie();
    await ada.signOut();
    await ada.isNotLetInBy(cookie);
    await grace.isStillSignedIn();
  });
  await step("Grace's session expires", () => letExpire(database, grace));
  const laptop = await useTwoDevices(step, app.url);
  await step("Support ends Ada's sessions", () => endAllSessions(database, laptop));
}

async function start(account: Account): Promise<Application> {
  const app = await Application.start(account);
  say(`${app.url}, connected as ${account.name}.`);
  return app;
}

async function restart(app: Application): Promise<void> {
  const code = await app.restart();
  check('The first process has ended by itself, with exit code 0.', code === 0, code);
  say(`Another process serves ${app.url} now.`);
}
