import test, { type ExecutionContext } from 'ava';
import type { SessionData } from 'express-session';
import { MySQLSessionStore } from 'knex-mysql-session';
import { deviceName, longestDeviceName, numberNames } from '../../examples/app/device';
import { attributes, Devices } from '../../examples/app/devices';
import { relativeTime, utcTime } from '../../examples/app/pages';
import type { User } from '../../examples/app/session';
import { SharedScope } from '../support/scope';
import { session } from '../support/store';
import { createAppDatabase } from './helpers/app';
import { userAgents } from './helpers/user-agents';

for (const [userAgent, device] of [
  [userAgents.firefoxOnWindows, 'Firefox on Windows'],
  [userAgents.chromeOnAndroid, 'Chrome on Android'],
  [userAgents.safariOnIphone, 'Safari on iPhone'],
  [userAgents.edgeOnWindows, 'Edge on Windows'],
  [userAgents.chromeOnMac, 'Chrome on macOS'],
  [userAgents.safariOnMac, 'Safari on macOS'],
  [userAgents.chromeOnChromeOs, 'Chrome on ChromeOS'],
  [userAgents.operaOnLinux, 'Opera on Linux'],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['two\twords  and\u0000more', 'two words and more'],
  ['', 'Unknown device'],
  [undefined, 'Unknown device'],
] as const) {
  test(`The User-Agent ${JSON.stringify(userAgent)} has the name ${device}.`, (t) => {
    t.is(deviceName(userAgent), device);
  });
}

test('A long unknown User-Agent is shortened.', (t) => {
  const name = deviceName('x'.repeat(5_000));
  t.is(name.length, longestDeviceName);
  t.true(name.endsWith('…'));
});

test('Repeated names get numbers.', (t) => {
  t.deepEqual(numberNames(['a', 'b', 'a', 'a']), ['a', 'b', 'a (2)', 'a (3)']);
});

for (const [seconds, phrase] of [
  [-5, 'just now'],
  [0, 'just now'],
  [59, 'just now'],
  [60, '1 minute ago'],
  [3_599, '59 minutes ago'],
  [3_600, '1 hour ago'],
  [86_399, '23 hours ago'],
  [86_400, '1 day ago'],
  [864_000, '10 days ago'],
] as const) {
  test(`A time of ${seconds} seconds ago is shown as "${phrase}".`, (t) => {
    const now = 1_000_000_000_000;
    t.is(relativeTime(new Date(now - seconds * 1_000), now), phrase);
  });
}

test('A time is shown in UTC.', (t) => {
  t.is(utcTime(new Date('2025-10-08T14:03:59Z')), '8 October 2025 at 14:03 UTC');
});

const scope = new SharedScope();
let url: string;

test.before(async () => {
  url = (await createAppDatabase(scope)).accountUrl;
});
test.after.always(() => scope.end());

for (const hashIds of [false, true]) {
  test(`Devices are listed and signed out one by one, with hashIds ${hashIds}.`, async (t) => {
    const ada: User = { id: `ada-${hashIds}`, name: 'Ada' };
    const [phone, laptop] = [`phone-${hashIds}`, `laptop-${hashIds}`];
    const { store, devices } = openDevices(t, hashIds);
    await store.set(phone, sessionOn('Phone', ada));
    await store.set(laptop, sessionOn('Laptop', ada));
    const [own, other] = await devices.list(ada, laptop);
    t.like(own, { name: 'Laptop', isOwn: true });
    t.like(other, { name: 'Phone', isOwn: false });
    t.is(await devices.signOut(ada, laptop, own?.handle ?? ''), undefined);
    t.is(await devices.signOut(ada, laptop, other?.handle ?? ''), 'Phone');
    t.is(await store.get(phone), null);
    t.truthy(await store.get(laptop));
  });
}

function sessionOn(device: string, { id }: User): SessionData {
  return Object.assign(session(), { userId: id, device });
}

function openDevices(t: ExecutionContext, hashIds: boolean) {
  const store = new MySQLSessionStore({
    connection: url,
    disableDbCleanup: true,
    attributes,
    hashIds,
  });
  t.teardown(() => store.close());
  return { store, devices: new Devices(store, 'a secret for the tests') };
}
