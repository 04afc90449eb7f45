import { join } from 'node:path';
import test from 'ava';
import { run } from '../../../examples/demo/program';
import { bootForFile } from '../../support/boot';
import { isFullRun } from '../../support/scale';
import { createInstallation, openStore, session, type TestInstallation } from '../../support/store';
import { countCalls, formatCalls } from './call-counter';
import { lockStatus } from './lock-status';
import { runSaves, type SavePlan } from './save-load';

// The lock counters count for the whole server, so other tests must not use it.
bootForFile();

const clientCount = isFullRun ? 16 : 4;
const sessionCount = 50;
const rounds = isFullRun ? 20 : 4;

const shared = Array.from({ length: sessionCount }, (_, n) => `shared-${n}`);
const ownOf = (client: number) => shared.map((_, n) => `own-${client}-${n}`);

/** Each client saves its own key of the same sessions, and of sessions that no other saves. */
function plansOf(client: number): SavePlan[] {
  const key = `client${client}`;
  return [
    { key, sids: shared, rounds },
    { key, sids: ownOf(client), rounds },
  ];
}

const clients = Array.from({ length: clientCount }, (_, client) => client);
const everySid = [...shared, ...clients.flatMap(ownOf)];

/** Runs the clients, and returns each session's data at the end. */
async function runClients(
  { accountUrl }: TestInstallation,
  runClient: (plans: SavePlan[]) => Promise<void>,
  scope: Parameters<typeof openStore>[0],
): Promise<Record<string, unknown>> {
  const store = openStore(scope, accountUrl);
  // The sessions outlive the test, also on a busy machine.
  await Promise.all(everySid.map((sid) => store.set(sid, session(undefined, 86_400_000))));
  await Promise.all(clients.map((client) => runClient(plansOf(client))));
  const sessions = await Promise.all(everySid.map((sid) => store.get(sid)));
  return Object.fromEntries(
    sessions.map((loaded, index) => {
      const { cookie: _, ...data } = loaded ?? { cookie: undefined };
      return [everySid[index], data];
    }),
  );
}

function expectedData(): Record<string, unknown> {
  const all = Object.fromEntries(clients.map((client) => [`client${client}`, rounds]));
  return Object.fromEntries([
    ...shared.map((sid) => [sid, all]),
    ...clients.flatMap((client) =>
      ownOf(client).map((sid) => [sid, { [`client${client}`]: rounds }]),
    ),
  ]);
}

test.serial(
  'Stores that save the same sessions and their own lose nothing, without a deadlock.',
  async (t) => {
    t.timeout(300_000);
    const installation = await createInstallation(t);
    const before = await lockStatus(installation);
    const counts = countCalls(t);
    const data = await runClients(
      installation,
      async (plans) => {
        const store = openStore(t, installation.accountUrl);
        await Promise.all(plans.map((plan) => runSaves(store, plan)));
      },
      t,
    );
    t.log(formatCalls(counts));
    t.deepEqual(data, expectedData());
    const { deadlocks } = await lockStatus(installation);
    t.is(deadlocks, before.deadlocks);
    t.true((counts.get('sess_save_many') ?? 0) > 0);
  },
);

const testInFullRun = isFullRun ? test.serial : test.skip;

testInFullRun(
  'Sixteen processes with a thousand saves each lose nothing, without a deadlock.',
  async (t) => {
    t.timeout(600_000);
    const installation = await createInstallation(t);
    const before = await lockStatus(installation);
    const counts = new Map<string, number>();
    const command = [
      process.execPath,
      '--require',
      join(__dirname, '../../support/register.cjs'),
      join(__dirname, 'save-process.ts'),
    ];
    const data = await runClients(
      installation,
      async (plans) => {
        const { stdout } = await run(command, {
          env: {
            ...process.env,
            ACCOUNT_URL: installation.accountUrl,
            SAVE_PLANS: JSON.stringify(plans),
          },
        });
        const calls: Array<[string, number]> = JSON.parse(stdout);
        for (const [routine, count] of calls)
          counts.set(routine, (counts.get(routine) ?? 0) + count);
      },
      t,
    );
    t.log(formatCalls(counts));
    t.deepEqual(data, expectedData());
    const { deadlocks } = await lockStatus(installation);
    t.is(deadlocks, before.deadlocks);
  },
);
