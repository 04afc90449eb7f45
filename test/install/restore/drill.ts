import type { ExecutionContext } from 'ava';
import { doctor } from '../../../src/install';
import { SessionStore } from '../../../src/promise';
import type { DbaShell } from '../../support/dba-shell';
import type { Flavor } from '../../support/servers';
import { patientBudget } from '../../support/store';
import { formatFindings } from '../doctor/remedies';
import { nextSecond, type TestInstallation } from '../installation';

/** The options of a dump that has everything, as docs/backup.md recommends. */
export const allOptions = '--single-transaction --routines --events';

/** The option of a dump without the sessions. */
export const withoutSessions = '--ignore-table=shop.sessions';

const programs: Readonly<Record<Flavor, { readonly dump: string; readonly client: string }>> = {
  mariadb: { dump: 'mariadb-dump', client: 'mariadb' },
  // By default, mysqldump writes the transactions of the whole server. Loading them would fail.
  mysql: { dump: 'mysqldump --set-gtid-purged=OFF', client: 'mysql' },
};

export function dumpCommand(flavor: Flavor, options: string): string {
  return [programs[flavor].dump, options, 'shop > shop.sql'].filter(Boolean).join(' ');
}

/** The command that loads the dump into a database. */
export function loadCommand(flavor: Flavor, database: 'shop' | 'shop_test'): string {
  return `${programs[flavor].client} ${database} < shop.sql`;
}

export function createCommand(flavor: Flavor, database: 'shop' | 'shop_test'): string {
  return `${programs[flavor].client} --execute='CREATE DATABASE ${database}'`;
}

export function dropCommand(flavor: Flavor, database: 'shop' | 'shop_test'): string {
  return `${programs[flavor].client} --execute='DROP DATABASE ${database}'`;
}

/** Makes a dump fit the other kind of server: an attribute becomes a plain column until migrate. */
export const editCommand = "sed -E -i '/^  `/s/ GENERATED ALWAYS AS .* VIRTUAL,$/,/' shop.sql";

/** Each session has a value for the attribute `user_id`. */
interface TestSession {
  readonly userId: string;
}

/** Opens a store with the account of an application. */
export function openSessions(t: ExecutionContext, connection: string) {
  const store = new SessionStore<TestSession, { user_id: 'string' }>({
    connection,
    attributes: { user_id: 'string' },
    disableDbCleanup: true,
    retryBudget: patientBudget,
  });
  t.teardown(() => store.close());
  return store;
}

/** Dumps an installation with one session, then ends the session and creates another. */
export async function dump(
  t: ExecutionContext,
  installation: TestInstallation,
  { flavor, run }: DbaShell,
  options: string,
): Promise<void> {
  const sessions = openSessions(t, installation.account.url);
  await sessions.set('dumped', { userId: 'ada' }, 3_600_000);
  await run(dumpCommand(flavor, options));
  await sessions.destroy('dumped');
  await sessions.set('later', { userId: 'bob' }, 3_600_000);
  // Within the same second, a restored routine would look like the one that was dumped.
  await nextSecond(installation);
}

/** Asserts that the dumped session is there, that the application works, and doctor agrees. */
export async function assertRestored(
  t: ExecutionContext,
  url: string,
  accountUrl: string,
): Promise<void> {
  t.deepEqual(formatFindings(await doctor({ connection: url })), []);
  const sessions = openSessions(t, accountUrl);
  t.is((await sessions.get('dumped'))?.userId, 'ada');
  t.is(await sessions.get('later'), null);
  await sessions.set('new', { userId: 'eve' }, 60_000);
  t.is((await sessions.get('new'))?.userId, 'eve');
  await sessions.destroy('new');
  t.is(await sessions.get('new'), null);
}

/** Returns the URL of another database on the same server, or of another server. */
export function urlOf(url: string, change: { readonly host?: string; readonly name?: string }) {
  const changed = new URL(url);
  changed.host = change.host ?? changed.host;
  changed.pathname = change.name === undefined ? changed.pathname : `/${change.name}`;
  return changed.href;
}
