import { Client } from 'pg';
import { type Ends, inBatches, type Keeper, type Keeping } from './keeper';

const seconds: Record<Ends, string> = {
  live: '(86400 - abs(hashint4(n)) % 3600)',
  expired: '-(1 + abs(hashint4(n)) % 43200)',
};

/** The id of a session with the number `n`, as `idOf` makes it. */
const id = "left(encode(sha224(n::text::bytea), 'hex'), 32)";

export async function postgresqlKeeper({ url, table, text }: Keeping): Promise<Keeper> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const ask = async (sql: string): Promise<number> =>
    Number(Object.values((await client.query(sql)).rows[0])[0]);
  return {
    fill: (from, to, ends) =>
      inBatches(from, to, (first, last) =>
        client.query(
          table.fill(`SELECT generate_series(${first}, ${last}) AS n`, {
            id,
            seconds: seconds[ends],
            data: '$1',
          }),
          [text],
        ),
      ),
    settle: async () => {
      await client.query(`VACUUM ANALYZE ${table.name}`);
      await client.query('CHECKPOINT');
    },
    bytes: () => ask(`SELECT pg_total_relation_size('${table.name}')`),
    expired: () => ask(`SELECT count(*) FROM ${table.name} WHERE ${table.expired}`),
    deadlocks: () => ask('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'),
    close: () => client.end(),
  };
}
