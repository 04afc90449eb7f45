import type { Scope } from '../../support/scope';
import { openStore, session, type TestInstallation } from '../../support/store';
import type { SavePlan } from './save-load';

const sessionCount = 50;

const shared = Array.from({ length: sessionCount }, (_, n) => `shared-${n}`);
const ownOf = (client: number) => shared.map((_, n) => `own-${client}-${n}`);

/** How many clients save, and how often each saves every session. */
export interface SaveLoad {
  readonly clientCount: number;
  readonly rounds: number;
}

/** Each client saves its own key of the same sessions, and of sessions that no other saves. */
function plansOf(client: number, rounds: number): SavePlan[] {
  const key = `client${client}`;
  return [
    { key, sids: shared, rounds },
    { key, sids: ownOf(client), rounds },
  ];
}

function clientsOf({ clientCount }: SaveLoad): number[] {
  return Array.from({ length: clientCount }, (_, client) => client);
}

/** Runs the clients, and returns each session's data at the end. */
export async function runClients(
  scope: Scope,
  { accountUrl }: TestInstallation,
  load: SaveLoad,
  runClient: (plans: SavePlan[]) => Promise<void>,
): Promise<Record<string, unknown>> {
  const sids = [...shared, ...clientsOf(load).flatMap(ownOf)];
  const store = openStore(scope, accountUrl);
  // The sessions outlive the test, also on a busy machine.
  await Promise.all(sids.map((sid) => store.set(sid, session(undefined, 86_400_000))));
  await Promise.all(clientsOf(load).map((client) => runClient(plansOf(client, load.rounds))));
  const sessions = await Promise.all(sids.map((sid) => store.get(sid)));
  return Object.fromEntries(
    sessions.map((loaded, index) => {
      const { cookie: _, ...data } = loaded ?? { cookie: undefined };
      return [sids[index], data];
    }),
  );
}

/** Returns what `runClients` returns if no save is lost. */
export function expectedData(load: SaveLoad): Record<string, unknown> {
  const clients = clientsOf(load);
  const all = Object.fromEntries(clients.map((client) => [`client${client}`, load.rounds]));
  return Object.fromEntries([
    ...shared.map((sid) => [sid, all]),
    ...clients.flatMap((client) =>
      ownOf(client).map((sid) => [sid, { [`client${client}`]: load.rounds }]),
    ),
  ]);
}
