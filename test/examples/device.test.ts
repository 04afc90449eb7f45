import test from 'ava';
import { deviceOf, longestDevice } from '../../examples/app/device';
import { numbering } from '../../examples/app/numbering';
import { ago, momentOf } from '../../examples/app/times';
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
  test(`the User-Agent ${JSON.stringify(userAgent)} is called ${device}`, (t) => {
    t.is(deviceOf(userAgent), device);
  });
}

test('a long User-Agent that is not known is cut short', (t) => {
  const device = deviceOf('x'.repeat(5_000));
  t.is(device.length, longestDevice);
  t.true(device.endsWith('…'));
});

test('names that came before are numbered', (t) => {
  t.deepEqual(['a', 'b', 'a', 'a'].map(numbering()), ['a', 'b', 'a (2)', 'a (3)']);
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
  test(`${seconds} seconds ago is ${phrase}`, (t) => {
    t.is(ago(new Date(1_000_000_000_000 - seconds * 1_000), 1_000_000_000_000), phrase);
  });
}

test('a moment is told in UTC', (t) => {
  t.is(momentOf(new Date('2025-10-08T14:03:59Z')), '8 October 2025 at 14:03 UTC');
});
