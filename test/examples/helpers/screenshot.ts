import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from '../../support/browsers';
import { SharedScope } from '../../support/scope';
import { findServer } from '../../support/servers';
import { startApp } from './app';
import type { Example } from './example';
import { userAgents } from './user-agents';

const picture = join(__dirname, '../../../docs/account-page.png');

/** Writes the picture of the account page for the README. */
async function main(): Promise<void> {
  const server = await findServer();
  const scope = new SharedScope();
  try {
    process.env.MYSQL_URL = server.url;
    await writeFile(picture, await takeScreenshot(scope, await startApp(scope)));
  } finally {
    await scope.end();
    await server.stop();
  }
}

async function takeScreenshot(scope: SharedScope, app: Example): Promise<Buffer> {
  await app.browser(userAgents.firefoxOnWindows).submit('/sign-in', { name: 'Ada' });
  await app.browser(userAgents.safariOnIphone).submit('/sign-in', { name: 'Ada' });
  await ageSession(app, 'Firefox on Windows', { signedIn: 11_845, seen: 3_205 });
  await ageSession(app, 'Safari on iPhone', { signedIn: 1_727, seen: 12 });

  const browser = await launchBrowser(scope);
  const page = await browser.newPage({
    viewport: { width: 900, height: 600 },
    deviceScaleFactor: 2,
    colorScheme: 'light',
  });
  await page.goto(app.url);
  await page.getByLabel('Your name').fill('Ada');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: "Where you're signed in" }).click();
  const { height } = (await page.locator('main').boundingBox()) ?? { height: 600 };
  await page.setViewportSize({ width: 900, height: Math.ceil(height) });
  return page.screenshot();
}

/** Moves the sign-in and the last visit of a device into the past, by minutes. */
async function ageSession(
  { database }: Example,
  device: string,
  minutes: { signedIn: number; seen: number },
): Promise<void> {
  const seen = new Date(Date.now() - minutes.seen * 60_000).toISOString();
  await database.query(
    `UPDATE sessions
     SET sess = JSON_SET(sess, '$.lastSeen', ?), created_at = created_at - INTERVAL ? MINUTE
     WHERE JSON_UNQUOTE(JSON_EXTRACT(sess, '$.device')) = ?`,
    [seen, minutes.signedIn, device],
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
