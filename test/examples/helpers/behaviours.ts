import type { ExecutionContext } from 'ava';
import { day } from '../../../examples/visitor';
import { until } from '../../until';
import type { Example } from './example';
import { Guest } from './guest';

/** What an example does, whatever its framework. */
export type Behaviour = (t: ExecutionContext, example: Example) => Promise<void>;

export const behaviours: Readonly<Record<string, Behaviour>> = {
  async 'the visits of a guest are counted'(t, example) {
    const guest = new Guest(example);
    const bodies = [await guest.visit(), await guest.visit(), await guest.visit()];
    t.deepEqual(bodies, ['Visits: 1', 'Visits: 2', 'Visits: 3']);
  },

  async 'the visits of each guest are counted apart'(t, example) {
    await new Guest(example).visit();
    t.is(await new Guest(example).visit(), 'Visits: 1');
  },

  async 'whoever logs in is known'(t, example) {
    const guest = new Guest(example);
    await guest.visit();
    await guest.logIn();
    t.is(await guest.visit(), `Visits: 1, by ${guest.name}`);
  },

  async 'the id of before the login opens nothing'(t, example) {
    const guest = new Guest(example);
    await guest.visit();
    const cookies = await guest.browser.cookies();
    await guest.logIn();
    t.is(await guest.visitWith(cookies), 'Visits: 1');
  },

  async 'a visit makes the session and its cookie last as long again'(t, example) {
    const guest = await Guest.loggedIn(example);
    await guest.age(3_600);
    const { headers } = await fetch(example.url, { headers: { cookie: await guest.browser.cookies() } });
    await t.notThrowsAsync(until(async () => (await guest.secondsLeft()) >= day / 1_000 - 60));
    t.true(headers.getSetCookie().length > 0);
  },

  async 'after the logout there is neither a session nor a name'(t, example) {
    const guest = await Guest.loggedIn(example);
    const cookies = await guest.browser.cookies();
    await guest.logOut();
    t.is(await guest.visit(), 'Visits: 1');
    t.is(await guest.visitWith(cookies), 'Visits: 1');
    t.deepEqual(await guest.rows(), []);
  },

  async 'an expired session is over'(t, example) {
    const guest = await Guest.loggedIn(example);
    await guest.age((day / 1_000) * 2);
    t.is(await guest.visit(), 'Visits: 1');
  },

  async 'two parallel requests keep the changes of one another'(t, example) {
    const guest = await Guest.loggedIn(example);
    await guest.queue(t, [() => guest.paint('teal'), () => guest.visit()]);
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
    await guest.paint('teal');
    await until(async () => (await guest.rows())[0]?.colour === 'teal');
    const before = await guest.rows();
    await guest.paint('teal');
    t.deepEqual(await guest.rows(), before);
  },

  async 'a failure of the database fails the request, and no other'(t, example) {
    const guest = await Guest.loggedIn(example);
    await guest.visit();
    await until(async () => (await guest.rows())[0]?.visits === 1);
    await example.database.query('RENAME TABLE sessions TO elsewhere');
    const { status } = await guest.browser.visit();
    await example.database.query('RENAME TABLE elsewhere TO sessions');
    t.is(status, 500);
    t.is(await guest.visit(), `Visits: 2, by ${guest.name}`);
  },
};
