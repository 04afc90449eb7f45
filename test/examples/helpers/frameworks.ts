import type { ExecutionContext } from 'ava';
import { day } from '../../../examples/visitor';
import { waitUntil } from '../../support/wait-until';
import type { Example } from './example';
import { Guest } from './people';

/** The example of each framework. */
export const examples: Readonly<Record<string, string>> = {
  'Express 5': 'examples/express.ts',
  'Express 4': 'test/examples/helpers/express-4.ts',
  Connect: 'examples/connect.ts',
  NestJS: 'examples/nestjs.ts',
  '@fastify/session': 'examples/fastify.ts',
  'koa-session': 'examples/koa-session.ts',
  'koa-generic-session': 'examples/koa-generic-session.ts',
  'koa-session-minimal': 'examples/koa-session-minimal.ts',
  'the promise API': 'examples/promise.ts',
};

export type Behavior = (t: ExecutionContext, example: Example) => Promise<void>;

/** The behaviors that all examples share. A title is the end of a sentence. */
export const behaviors: Readonly<Record<string, Behavior>> = {
  async 'a session counts the visits of a guest'(t, example) {
    const guest = new Guest(example);
    const bodies = [await guest.visit(), await guest.visit(), await guest.visit()];
    t.deepEqual(bodies, ['Visits: 1', 'Visits: 2', 'Visits: 3']);
  },

  async 'each guest has a separate count'(t, example) {
    await new Guest(example).visit();
    t.is(await new Guest(example).visit(), 'Visits: 1');
  },

  async 'the session keeps the name of a login'(t, example) {
    const guest = new Guest(example);
    await guest.visit();
    await guest.logIn();
    t.is(await guest.visit(), `Visits: 1, by ${guest.name}`);
  },

  async 'the session id of before the login opens no session'(t, example) {
    const guest = new Guest(example);
    await guest.visit();
    const cookies = await guest.browser.cookies();
    await guest.logIn();
    t.is(await guest.visitWith(cookies), 'Visits: 1');
  },

  async 'a visit renews the session and its cookie'(t, example) {
    const guest = await Guest.loggedIn(example);
    await guest.age(3_600);
    const cookie = await guest.browser.cookies();
    const { headers } = await fetch(example.url, { headers: { cookie } });
    await t.notThrowsAsync(waitUntil(async () => (await guest.secondsLeft()) >= day / 1_000 - 60));
    t.true(headers.getSetCookie().length > 0);
  },

  async 'a logout deletes the session'(t, example) {
    const guest = await Guest.loggedIn(example);
    const cookies = await guest.browser.cookies();
    await guest.logOut();
    t.is(await guest.visit(), 'Visits: 1');
    t.is(await guest.visitWith(cookies), 'Visits: 1');
    t.deepEqual(await guest.rows(), []);
  },

  async 'an expired session is over'(t, example) {
    const guest = await Guest.loggedIn(example);
    await guest.expire();
    t.is(await guest.visit(), 'Visits: 1');
  },

  async 'two parallel requests keep the changes of each other'(t, example) {
    const guest = await Guest.loggedIn(example);
    await guest.queue(t, [() => guest.setColor('teal'), () => guest.visit()]);
    t.is(await guest.visit(), `Visits: 2, by ${guest.name}, in teal`);
  },

  async 'a request in flight does not undo a logout'(t, example) {
    const guest = await Guest.loggedIn(example);
    const cookies = await guest.browser.cookies();
    await guest.queue(t, [() => guest.logOut(), () => guest.visitWith(cookies)]);
    t.deepEqual(await guest.rows(), []);
  },

  async 'a request that changes nothing writes nothing'(t, example) {
    const guest = await Guest.loggedIn(example);
    await guest.setColor('teal');
    await waitUntil(async () => (await guest.rows())[0]?.color === 'teal');
    const before = await guest.rows();
    await guest.setColor('teal');
    t.deepEqual(await guest.rows(), before);
  },

  async 'a database failure fails its request only'(t, example) {
    const guest = await Guest.loggedIn(example);
    await guest.visit();
    await waitUntil(async () => (await guest.rows())[0]?.visits === 1);
    await example.database.query('RENAME TABLE sessions TO elsewhere');
    const { status } = await guest.browser.visit();
    await example.database.query('RENAME TABLE elsewhere TO sessions');
    t.is(status, 500);
    t.is(await guest.visit(), `Visits: 2, by ${guest.name}`);
  },
};
