import type { Contender, Place } from '../contenders';
import { textOf } from '../sessions/data';
import type { Keeper } from './keeper';
import { mysqlKeeper } from './mysql';
import { postgresqlKeeper } from './postgresql';

export type { Keeper } from './keeper';

/** An administrator for the table of a contender that has one, with sessions of a size. */
export async function keeperOf(
  { name, table, server }: Contender,
  place: Place,
  size: number,
): Promise<Keeper> {
  if (!table) throw new Error(`${name} has no table`);
  const keeping = { url: place.adminUrl, table, text: textOf(size) };
  return server === 'postgresql' ? postgresqlKeeper(keeping) : mysqlKeeper(keeping);
}
