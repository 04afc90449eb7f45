import test from 'ava';
import { SharedScope } from '../../support/scope';
import { createInstallation } from '../../support/store';
import { type Example, startExampleOn } from '../helpers/example';

const scope = new SharedScope();
let app: Example;

test.before(async () => {
  const database = await createInstallation(scope, ['application']);
  app = await startExampleOn(scope, database, 'examples/recipes/csrf-sync.ts');
});
test.after.always(() => scope.end());

/** Opens the page. Returns the token of its form. */
async function openPage(browser = app.browser()) {
  const { body } = await browser.visit();
  const [, token = ''] = /name="token" value="([^"]+)"/.exec(body) ?? [];
  return { browser, token };
}

test('A form with the token of its session is accepted, more than once.', async (t) => {
  const { browser, token } = await openPage();
  for (let round = 0; round < 2; round++) {
    const { status, body } = await browser.post('/teal', { token });
    t.is(status, 200);
    t.true(body.includes('Color: teal'));
  }
});

test('A form without a token is refused, and changes nothing.', async (t) => {
  const { browser } = await openPage();
  t.is((await browser.post('/teal', { other: 'field' })).status, 403);
  t.true((await browser.visit()).body.includes('Color: none'));
});

test('The token of another session is refused.', async (t) => {
  const { token } = await openPage();
  const { browser } = await openPage();
  t.is((await browser.post('/teal', { token })).status, 403);
});

test('Another process accepts the token.', async (t) => {
  const { browser, token } = await openPage();
  const second = (await app.again()).browser();
  await second.useCookies(await browser.cookies());
  t.is((await second.post('/teal', { token })).status, 200);
});
