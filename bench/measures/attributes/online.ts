import { setTimeout as sleep } from 'node:timers/promises';
import { addAttribute, dropAttribute } from 'knex-mysql-session/install';
import { administer } from '../../contenders/mysql-database';
import type { Context } from '../context';
import { type Change, change } from './change';
import { type Consistency, checkIndex } from './consistency';
import { type Sized, userId, withKeeper } from './installation';
import type { PhaseSample } from './traffic';
import { Traffics } from './traffics';
import { type TransactionBegin, transactions, withTransaction } from './transaction';

export interface OnlineRound {
  readonly phases: readonly PhaseSample[];
  /** The same of another table, which nobody changes. */
  readonly elsewhere: readonly PhaseSample[];
  readonly add: Change;
  /** Undefined where the attribute was kept. */
  readonly drop?: Change;
  /** As the server counts them; undefined where it does not tell. */
  readonly deadlocks?: number;
  /** Undefined where nobody looked, as one look at a large table takes long. */
  readonly consistency?: Consistency;
}

export interface OnlineSample {
  readonly server: string;
  readonly begins: TransactionBegin;
  readonly rounds: OnlineRound[];
}

/** How much less goes on elsewhere, where nothing is changed. */
const share = 10;

/**
 * Adds the attribute and drops it while the table is in use, and measures what its users feel of that. Keeps it in the end.
 *
 * @param elsewhere another table on the server, with users of its own: what they feel, the server and the machine do
 */
export async function measureOnline(
  { plan, say }: Context,
  server: string,
  table: Sized,
  elsewhere: Sized,
): Promise<OnlineSample[]> {
  const { online } = plan.attributes;
  const samples = transactions.map((begins): OnlineSample => ({ server, begins, rounds: [] }));
  for (let round = 0; round < online.rounds; round++) {
    // Of an earlier round.
    if (round > 0) await dropAttribute({ connection: table.place.adminUrl }, userId.name);
    for (const { begins, rounds } of samples) {
      const where = `attributes: ${server}, while in use, a transaction begins ${begins}`;
      const tell = (what: string) => say(`${where}, round ${round + 1} of ${online.rounds}: ${what}`);
      rounds.push(await measureRound(tell, table, elsewhere, begins, plan.attributes));
    }
  }
  return samples;
}

async function measureRound(
  tell: (what: string) => void,
  table: Sized,
  elsewhere: Sized,
  begins: TransactionBegin,
  { online, size }: Context['plan']['attributes'],
): Promise<OnlineRound> {
  const { place, rows } = table;
  const options = { connection: place.adminUrl };
  const isKept = begins === transactions.at(-1);
  return withKeeper(table, size, async (keeper) => {
    const before = await keeper.deadlocks();
    const traffic = await Traffics.begin(
      [table, online.callsASecond],
      [elsewhere, Math.ceil(online.callsASecond / share)],
    );
    await traffic.resume('before');
    await sleep(online.milliseconds);
    tell('add');
    await traffic.enter('adding');
    const add = await withTransaction(place.adminUrl, begins, online.held, (onMet) =>
      change((listener) => addAttribute(options, userId, listener), onMet),
    );
    await traffic.enter('after');
    await sleep(online.milliseconds);
    await traffic.pause();
    let consistency: Consistency | undefined;
    if (begins !== 'before') {
      tell('look at the index');
      consistency = await administer(place.adminUrl, (connection) => checkIndex(connection, rows));
    }
    let drop: Change | undefined;
    if (!isKept) {
      await traffic.resume('after');
      await sleep(warmUp);
      tell('drop');
      await traffic.enter('dropping');
      drop = await withTransaction(place.adminUrl, begins, online.held, (onMet) =>
        change((listener) => dropAttribute(options, userId.name, listener), onMet),
      );
    }
    const [phases = [], phasesElsewhere = []] = await traffic.end();
    const after = await keeper.deadlocks();
    return {
      phases,
      elsewhere: phasesElsewhere,
      add,
      ...(drop ? { drop } : {}),
      ...(before === undefined || after === undefined ? {} : { deadlocks: after - before }),
      ...(consistency ? { consistency } : {}),
    };
  });
}

/** How long the load lasts before the attribute is dropped, in milliseconds. */
const warmUp = 1_000;
