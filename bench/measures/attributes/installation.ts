import { join } from 'node:path';
import { type Attribute, addAttribute, grant } from 'knex-mysql-session/install';
import type { Place } from '../../contenders';
import { installIn, ownTable } from '../../contenders/knex-mysql-session';
import type { Server } from '../../servers';
import { textOf } from '../../sessions/data';
import { mysqlUser, ownedText } from '../../sessions/users';
import type { Keeper } from '../../tables';
import { mysqlKeeper } from '../../tables/mysql';
import type { AttributeServices } from '../../workers/attributes';
import type { Remote } from '../../workers/remote';
import { start } from '../../workers/start';

export const userId: Attribute = { name: 'user_id', path: '$.user.id', type: 'VARCHAR(64)' };

/** The package in a database of its own, and an application that uses it, in a process of its own. */
export interface Installation {
  readonly place: Place & { readonly account: string };
  readonly remote: Remote<AttributeServices>;
}

/** One whose table has so many sessions. */
export interface Sized extends Installation {
  readonly rows: number;
}

interface Wish {
  readonly server: Server;
  readonly database: string;
  readonly size: number;
  readonly touchesAll?: boolean;
}

export function installation({ server, database, size, touchesAll = false }: Wish): Promise<Installation> {
  const file = join(__dirname, '../../workers/attributes.ts');
  return start<AttributeServices, Omit<Installation, 'remote'>>(file, database, async (remote) => {
    const place = await installIn(server, database);
    await remote.ask('open', { place, size, touchesAll });
    return { place };
  });
}

/** Lets an administrator work on the table, whose sessions are of this size and everybody's. */
export async function withKeeper<Result>(
  { place }: Installation,
  size: number,
  work: (keeper: Keeper) => Promise<Result>,
): Promise<Result> {
  const keeper = await mysqlKeeper({
    url: place.adminUrl,
    table: ownTable,
    text: textOf(size),
    data: ownedText(mysqlUser('n')),
  });
  try {
    return await work(keeper);
  } finally {
    await keeper.close();
  }
}

/** Adds the attribute, unless it is there, and lets the application use it. */
export async function equip({ place, remote }: Installation): Promise<void> {
  const options = { connection: place.adminUrl };
  await addAttribute(options, userId);
  for (const role of ['find_user_id', 'destroy_user_id'] as const) await grant(options, place.account, role);
  await remote.ask('declare', undefined);
}
