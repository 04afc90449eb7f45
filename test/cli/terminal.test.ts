import test from 'ava';
import { status } from '../../src/install';
import { createDatabase } from '../database';
import { catalogueOf } from '../install/catalogue';
import { createInstallation, ids, writeSession } from '../install/installation';
import { hasTerminal, runAtTerminal } from './terminal';

// The prompts can only be seen at a pseudo-terminal, which util-linux's script makes.
const atTerminal = hasTerminal ? test.serial : test.serial.skip;

atTerminal('A rollback to nothing asks first, and a no changes nothing.', async (t) => {
  const installation = await createInstallation(t);
  const before = await catalogueOf(installation);
  const { code, screen } = await runAtTerminal(
    ['rollback'],
    { MYSQL_URL: installation.url },
    { to: 'Go on?', keys: 'n\r' },
  );
  t.is(code, 1);
  t.regex(screen, /every session.*logged out.*Nothing was changed\./s);
  t.deepEqual(await catalogueOf(installation), before);
});

atTerminal('A rollback to nothing asks nothing where no server answers.', async (t) => {
  const { code, screen } = await runAtTerminal(['rollback', '--to', '0'], {
    MYSQL_URL: 'mysql://dba@127.0.0.1:1/shop',
  });
  t.is(code, 1);
  t.notRegex(screen, /Go on\?/);
});

atTerminal('A rollback to nothing takes the return key alone for a no.', async (t) => {
  const { url } = await createInstallation(t);
  const { code } = await runAtTerminal(['rollback'], { MYSQL_URL: url }, { to: 'Go on?', keys: '\r' });
  t.is(code, 1);
  t.true((await status({ connection: url })).upToDate);
});

atTerminal('A rollback to nothing goes on after a yes.', async (t) => {
  const installation = await createInstallation(t);
  const { code } = await runAtTerminal(
    ['rollback', '--to', '0'],
    { MYSQL_URL: installation.url },
    { to: 'Go on?', keys: 'y\r' },
  );
  t.is(code, 0);
  t.like(await catalogueOf(installation), { tables: [], routines: [] });
});

atTerminal('Ctrl-C at a question changes nothing, and ends with exit code 130.', async (t) => {
  const installation = await createInstallation(t);
  const before = await catalogueOf(installation);
  const { code, screen } = await runAtTerminal(
    ['rollback'],
    { MYSQL_URL: installation.url },
    { to: 'Go on?', keys: '\u0003' },
  );
  t.is(code, 130);
  t.notRegex(screen, / at .*:\d+:\d+/);
  t.deepEqual(await catalogueOf(installation), before);
});

atTerminal('A password that is asked for works, and never shows.', async (t) => {
  const { account } = await createInstallation(t, ['cleaner']);
  const url = new URL(account.url);
  const password = decodeURIComponent(url.password);
  url.password = '';
  const { code, screen } = await runAtTerminal(
    ['gc', '--password', '--url', url.href],
    { MYSQL_PWD: 'not this one' },
    { to: 'Password of', keys: `${password}\r` },
  );
  t.is(code, 0);
  t.regex(screen, /0 expired sessions deleted\./);
  t.false(screen.includes(password));
});

atTerminal('A migration at a terminal shows a bar, and leaves a line for each step.', async (t) => {
  const { url } = await createDatabase(t);
  const { code, screen } = await runAtTerminal(['migrate'], { MYSQL_URL: url });
  t.is(code, 0);
  t.regex(screen, /█/);
  t.is(screen.match(/✔/g)?.length, 17);
});

for (const [roles, bar] of [
  [['cleaner', 'operator'], /█.* of 5 expired sessions/],
  [['cleaner'], /\d expired sessions/],
] as const) {
  atTerminal(
    `A cleanup at a terminal shows how far it is, for the role ${roles.join(' and ')}.`,
    async (t) => {
      const installation = await createInstallation(t, roles);
      for (const sid of ['a', 'b', 'c', 'd', 'e']) {
        await writeSession(installation, sid, -1);
      }
      const { code, screen } = await runAtTerminal(['gc', '--limit', '1'], {
        MYSQL_URL: installation.account.url,
      });
      t.is(code, 0);
      t.regex(screen, bar);
      t.regex(screen, /5 expired sessions deleted\./);
      t.deepEqual(await ids(installation), []);
    },
  );
}

atTerminal('A terminal gets colours.', async (t) => {
  const { url } = await createInstallation(t);
  const { screen } = await runAtTerminal(['status'], { MYSQL_URL: url });
  t.true(screen.includes('\u001b[32mUp to date.'));
});

atTerminal('A terminal gets no colours where NO_COLOR is set.', async (t) => {
  const { url } = await createInstallation(t);
  const { screen } = await runAtTerminal(['status'], { MYSQL_URL: url, NO_COLOR: '1' });
  t.false(screen.includes('\u001b['));
});
