import { createPool, type Pool } from 'mysql2/promise';
import { administer, createDatabase } from '../contenders/mysql-database';
import { textOf } from '../sessions/data';
import { idOf, type Population, sample } from '../sessions/population';
import { inBatches } from '../tables/keeper';
import { bytesOf, numbers, settle } from '../tables/mysql';
import { ShapeStatements, type Statement } from '../tables/shape-statements';
import { shapes } from '../tables/shapes';
import { type Context, inTurn } from './context';
import { loop, type Operation } from './loop';
import type { Timing } from './timing';

export const layoutOperations = ['get', 'touch', 'set changed', 'set new'] as const;

type LayoutOperation = (typeof layoutOperations)[number];

export interface LayoutSample {
  readonly shape: string;
  readonly operation: LayoutOperation;
  /** Characters of the session's JSON text that is written. */
  readonly size: number;
  readonly rounds: Timing[];
}

export interface LayoutSamples {
  readonly rows: number;
  readonly disk: Array<{ readonly shape: string; readonly bytes: number }>;
  readonly samples: LayoutSample[];
}

interface Table {
  readonly shape: string;
  readonly name: string;
  readonly statements: ShapeStatements;
  /** How many new sessions it got, for ids that are new. */
  made: number;
}

const tables = (): Table[] =>
  shapes.map((shape, index) => {
    const name = `shape_${index}`;
    return { shape: shape.name, name, statements: new ShapeStatements(name, shape), made: 0 };
  });

/** What the shape of the table costs, by plain prepared statements. */
export async function measureLayout(context: Context): Promise<LayoutSamples> {
  const { adminUrl } = await createDatabase(context.servers.running.get('mysql'), 'layout');
  const all = tables();
  const disk = await fill(context, adminUrl, all);
  const pool = createPool({ uri: adminUrl, connectionLimit: 10 });
  try {
    const samples = await measureAll(context, pool, all);
    return { rows: context.plan.layout.rows, disk, samples };
  } finally {
    await pool.end();
  }
}

async function fill(context: Context, url: string, all: readonly Table[]): Promise<LayoutSamples['disk']> {
  const { rows } = context.plan.layout;
  const text = textOf(Math.min(...context.plan.layout.sizes));
  return administer(url, async (connection) => {
    const disk: LayoutSamples['disk'] = [];
    for (const { shape, name, statements } of all) {
      context.say(`layout: ${rows} sessions, ${shape}`);
      await connection.query(statements.create());
      await inBatches(1, rows, (first, last) =>
        connection.query(...statements.fill(numbers(first, last), text)),
      );
      await settle(connection, name);
      disk.push({ shape, bytes: await bytesOf(connection, `layout/${name}`) });
    }
    return disk;
  });
}

async function measureAll(
  { plan, say }: Context,
  pool: Pool,
  all: readonly Table[],
): Promise<LayoutSample[]> {
  const { rounds, layout } = plan;
  const { rows, sizes, callers, milliseconds } = layout;
  const effort = { callers, milliseconds, batch: 5_000, atMost: Number.MAX_SAFE_INTEGER };
  const population = { name: '', from: 1, to: rows };
  const samples = all.flatMap(({ shape }) =>
    sizes.flatMap((size) =>
      operationsOf(size, sizes).map((operation): LayoutSample => ({ shape, operation, size, rounds: [] })),
    ),
  );
  // The first round is for the caches. Small sessions first, as large ones change the table.
  for (const size of sizes) {
    for (let round = -1; round < rounds; round++) {
      say(`layout: ${size} B, round ${round + 1} of ${rounds}`);
      for (const operation of operationsOf(size, sizes)) {
        for (const table of inTurn(all, round + 1)) {
          const timing = await loop(operationOf(operation, pool, table, population, size), effort);
          const found = samples.find(
            (known) => known.shape === table.shape && known.operation === operation && known.size === size,
          );
          if (round >= 0) found?.rounds.push(timing);
        }
      }
    }
  }
  return samples;
}

/** The size of what is written matters to writes alone. */
function operationsOf(size: number, [smallest]: readonly number[]): LayoutOperation[] {
  return layoutOperations.filter((name) => size === smallest || name.startsWith('set'));
}

function operationOf(
  name: LayoutOperation,
  pool: Pool,
  table: Table,
  population: Population,
  size: number,
): Operation<Statement> {
  const { statements } = table;
  const text = textOf(size);
  const statementOf: Record<LayoutOperation, (sid: string) => Statement> = {
    get: (sid) => statements.get(sid),
    touch: (sid) => statements.touch(sid),
    'set changed': (sid) => statements.set(sid, text),
    'set new': (sid) => statements.set(sid, text),
  };
  const newIds = (count: number) => Array.from({ length: count }, () => idOf({ name: 'new' }, table.made++));
  return {
    prepare: (count) =>
      (name === 'set new' ? newIds(count) : sample(population, count)).map(statementOf[name]),
    run: ([sql, values]) => pool.execute(sql, values),
  };
}
