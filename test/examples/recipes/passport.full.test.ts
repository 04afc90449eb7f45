import test from 'ava';
import { addAttribute, grant } from '../../../src/install';
import { SharedScope } from '../../support/scope';
import { createInstallation } from '../../support/store';
import { type Example, startExampleOn } from '../helpers/example';

const scope = new SharedScope();
let app: Example;

test.before(async () => {
  const database = await createInstallation(scope, ['application']);
  const { connection } = { connection: database.url };
  const attribute = { name: 'user_id', path: '$.passport.user', type: 'BIGINT' };
  await addAttribute({ connection }, attribute);
  const account = `'${decodeURIComponent(new URL(database.accountUrl).username)}'@'%'`;
  await grant({ connection }, account, 'destroy_user_id');
  app = await startExampleOn(scope, database, 'examples/recipes/passport.ts');
});
test.after.always(() => scope.end());

const ada = { username: 'ada', password: 'engine' };

test('A sign-in keeps the cart of the guest, under a new session id.', async (t) => {
  const browser = app.browser();
  await browser.post('/cart', { item: 'tea' });
  const before = await browser.cookies();
  t.is((await browser.post('/login', ada)).body, 'Hello');
  t.not(await browser.cookies(), before);
  t.is((await browser.visit()).body, 'ada: tea');
});

test('The session id of before the sign-in opens no session.', async (t) => {
  const [browser, thief] = [app.browser(), app.browser()];
  await browser.post('/cart', { item: 'tea' });
  await thief.useCookies(await browser.cookies());
  await browser.post('/login', ada);
  t.is((await thief.visit()).body, 'guest: ');
});

test('A wrong password is refused.', async (t) => {
  const browser = app.browser();
  t.is((await browser.post('/login', { ...ada, password: 'x' })).status, 401);
  t.is((await browser.visit()).body, 'guest: ');
});

test('A sign-out ends the login and the cart.', async (t) => {
  const browser = app.browser();
  await browser.post('/cart', { item: 'tea' });
  await browser.post('/login', ada);
  await browser.post('/logout');
  t.is((await browser.visit()).body, 'guest: ');
});

test('Other devices of the same user are signed out by the nested attribute.', async (t) => {
  const [first, second, other] = [app.browser(), app.browser(), app.browser()];
  const bob = { username: 'bob', password: 'builder' };
  await first.post('/login', bob);
  await second.post('/login', bob);
  await other.post('/login', ada);
  t.is((await first.post('/logout-others')).body, '1');
  const pages = await Promise.all([first.visit(), second.visit(), other.visit()]);
  t.deepEqual(
    pages.map(({ body }) => body),
    ['bob: ', 'guest: ', 'ada: '],
  );
});
