import { createHash } from 'node:crypto';
import test from 'ava';
import type { Page } from '../../../examples/demo/browser';
import { grant } from '../../../src/install';
import { appFile } from '../helpers/app';
import { exampleEnv, start } from '../helpers/example';
import { Member } from '../helpers/people';
import { app } from '../helpers/shared-app';

/** One response of each kind. */
const responses: Readonly<Record<string, () => Promise<Page>>> = {
  'The sign-in page': () => app.browser().visit(),
  'The home page': async () => (await new Member(app).signIn()).visit(),
  'The account page': async () => (await new Member(app).signIn()).visit('/account'),
  'The page for an unknown path': () => app.browser().visit('/nowhere'),
  'A refusal': () => app.browser().post('/sign-in', { name: 'Ada' }, {}),
  'The page for a request that is too large': () =>
    app.browser().post('/sign-in', { name: 'a'.repeat(200_000) }),
};

for (const [what, respond] of Object.entries(responses)) {
  test(`${what} is not stored by browsers.`, async (t) => {
    t.is((await respond()).headers.get('cache-control'), 'no-store');
  });

  test(`${what} forbids scripts and frames.`, async (t) => {
    const policy = directivesOf(await respond());
    t.is(policy.get('default-src'), "'none'");
    t.is(policy.get('frame-ancestors'), "'none'");
    t.is(policy.get('form-action'), "'self'");
    t.is(policy.get('base-uri'), "'none'");
    t.false(policy.has('script-src'));
  });

  test(`${what} allows only its own style.`, async (t) => {
    const page = await respond();
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page.body) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    t.is(directivesOf(page).get('style-src'), `'sha256-${hash}'`);
    t.notRegex(page.body, /\sstyle=/);
  });

  test(`${what} has no script.`, async (t) => {
    t.notRegex((await respond()).body, /<script|\son\w+=|javascript:/i);
  });

  test(`${what} does not name its server software.`, async (t) => {
    const { headers } = await respond();
    t.is(headers.get('x-powered-by'), null);
    t.is(headers.get('x-content-type-options'), 'nosniff');
  });
}

test('An unknown path gets status 404.', async (t) => {
  t.is((await app.browser().visit('/nowhere')).status, 404);
});

test('A request that is too large gets status 413 without a stack trace.', async (t) => {
  const { status, body } = await app.browser().post('/sign-in', { name: 'a'.repeat(200_000) });
  t.is(status, 413);
  t.notRegex(body, /node_modules|\bat \S+:\d+/);
});

// Serial tests run ahead of the others, which need the table.
test.serial('A database failure gets status 500 without details.', async (t) => {
  const browser = await new Member(app).signIn();
  await app.database.query('RENAME TABLE sessions TO elsewhere');
  const { status, body } = await browser.visit('/account');
  await app.database.query('RENAME TABLE elsewhere TO sessions');
  t.is(status, 500);
  t.notRegex(body, /sessions|elsewhere|Error|node_modules/);
});

test("Without the attribute's grants, the application does not start and says why.", async (t) => {
  const { database } = app;
  const account = await database.createAccount();
  await grant({ connection: database.url }, account.name, 'application');
  await t.throwsAsync(start(t, appFile, exampleEnv(account.url)), {
    message: /ended with 1:.*knex-mysql-session .*user_id/s,
  });
});

function directivesOf({ headers }: Page): Map<string, string> {
  const policy = headers.get('content-security-policy') ?? '';
  return new Map(
    policy.split('; ').map((directive) => {
      const [name = '', ...values] = directive.split(' ');
      return [name, values.join(' ')];
    }),
  );
}
