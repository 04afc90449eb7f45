import { join } from 'node:path';
import { type Contender, contenders, type Place } from '../contenders';
import type { Plan } from '../plan';
import type { Servers } from '../servers';
import type { Remote } from '../workers/remote';
import { start, startAll, stopAll } from '../workers/start';
import type { StoreServices } from '../workers/store';

/** What a part measures with. */
export interface Context {
  readonly plan: Plan;
  readonly servers: Servers;
  /** Tells whoever waits what is being measured. */
  readonly say: (text: string) => void;
}

/** A contender in a process of its own, with its store open. */
export interface Participant {
  readonly contender: Contender;
  readonly place: Place;
  readonly remote: Remote<StoreServices>;
}

/** The contenders whose servers are here. */
export function present({ servers }: Context): Contender[] {
  return contenders.filter(({ server }) => server === undefined || servers.running.has(server));
}

/** Makes each contender an empty place. */
export async function placeOf(context: Context, contender: Contender, part: string): Promise<Place> {
  const server = contender.server && context.servers.running.get(contender.server);
  return contender.prepare(server, `${part}_${contender.name.replace(/\W+/g, '_').toLowerCase()}`);
}

/** Opens the store of each, lets them work, and closes them. */
export async function withParticipants<Result>(
  context: Context,
  part: string,
  chosen: readonly Contender[],
  cleansUp: boolean,
  work: (participants: readonly Participant[]) => Promise<Result>,
): Promise<Result> {
  const file = join(__dirname, '../workers/store.ts');
  const participants = await startAll(
    chosen.map((contender) =>
      start<StoreServices, Omit<Participant, 'remote'>>(file, contender.name, async (remote) => {
        const place = await placeOf(context, contender, part);
        await remote.ask('open', { name: contender.name, place, cleansUp });
        return { contender, place };
      }),
    ),
  );
  try {
    return await work(participants);
  } finally {
    await stopAll(participants);
  }
}

/** All of them, another one first in each round. */
export function inTurn<Item>(items: readonly Item[], round: number): Item[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
