import { createHash } from 'node:crypto';
import test from 'ava';
import type { Page } from '../../examples/demo/browser';
import { SharedScope } from '../scope';
import { file, startApp } from './helpers/app';
import { type Example, startExample } from './helpers/example';
import { Member } from './helpers/member';

const scope = new SharedScope();
let app: Example;

test.before(async () => {
  app = await startApp(scope);
});
test.after.always(() => scope.end());

/** An answer of each sort. */
const answers: Readonly<Record<string, () => Promise<Page>>> = {
  'the sign-in page': () => app.browser().visit(),
  'the home page': async () => (await new Member(app).signIn()).visit(),
  'the account page': async () => (await new Member(app).signIn()).visit('/account'),
  'a page that does not exist': () => app.browser().visit('/nowhere'),
  'a refusal': () => app.browser().post('/sign-in', { name: 'Ada' }, {}),
  'a request that is too large': () => app.browser().post('/sign-in', { name: 'a'.repeat(200_000) }),
};

for (const [what, answer] of Object.entries(answers)) {
  test(`${what} is never kept by a browser`, async (t) => {
    t.is((await answer()).headers.get('cache-control'), 'no-store');
  });

  test(`${what} may run no script, and be in no frame`, async (t) => {
    const policy = directivesOf(await answer());
    t.is(policy.get('default-src'), "'none'");
    t.is(policy.get('frame-ancestors'), "'none'");
    t.is(policy.get('form-action'), "'self'");
    t.is(policy.get('base-uri'), "'none'");
    t.false(policy.has('script-src'));
  });

  test(`${what} may have its own style, and no other`, async (t) => {
    const page = await answer();
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page.body) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    t.is(directivesOf(page).get('style-src'), `'sha256-${hash}'`);
    t.notRegex(page.body, /\sstyle=/);
  });

  test(`${what} has no script`, async (t) => {
    t.notRegex((await answer()).body, /<script|\son\w+=|javascript:/i);
  });

  test(`${what} tells nothing of what serves it`, async (t) => {
    const { headers } = await answer();
    t.is(headers.get('x-powered-by'), null);
    t.is(headers.get('x-content-type-options'), 'nosniff');
  });
}

test('a page that does not exist is answered with 404', async (t) => {
  t.is((await app.browser().visit('/nowhere')).status, 404);
});

test('a request that is too large is answered with 413, and no stack', async (t) => {
  const { status, body } = await app.browser().post('/sign-in', { name: 'a'.repeat(200_000) });
  t.is(status, 413);
  t.notRegex(body, /node_modules|\bat \S+:\d+/);
});

test('a failure of the database is answered with 500, and no word of it', async (t) => {
  const own = await startApp(t);
  const browser = await new Member(own).signIn();
  await own.database.query('RENAME TABLE sessions TO elsewhere');
  const { status, body } = await browser.visit('/account');
  t.is(status, 500);
  t.notRegex(body, /sessions|elsewhere|Error|node_modules/);
});

test("without the attribute's grants it does not start, and says the remedy", async (t) => {
  await t.throwsAsync(startExample(t, file), { message: /ended with 1:.*knex-mysql-session .*user_id/s });
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
