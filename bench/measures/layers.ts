import knexFactory from 'knex';
import { MySQLSessionStore } from 'knex-mysql-session';
import { createPool } from 'mysql2/promise';
import { installIn } from '../contenders/knex-mysql-session';
import { administer } from '../contenders/mysql-database';
import { dataOf, day, textOf } from '../sessions/data';
import { idOf, type Population, sample } from '../sessions/population';
import { type Visit, Visits } from '../sessions/visits';
import { type Context, inTurn } from './context';
import { forEach, loop, type Operation } from './loop';
import type { Timing } from './timing';

export const layeredOperations = ['get', 'touch', 'set changed'] as const;

type LayeredOperation = (typeof layeredOperations)[number];

/** What a call is made through: each does what the one before it does, and something more. */
export const layers = [
  'plain SQL through mysql2',
  'a CALL of a procedure of that one statement',
  'a CALL of the routine',
  'the routine through knex.raw',
  'the store',
] as const;

type Layer = (typeof layers)[number];

export interface LayerSample {
  readonly operation: LayeredOperation;
  readonly layer: Layer;
  readonly callers: number;
  readonly rounds: Timing[];
}

/** Sends a statement, as the store and its peers do: as text, its values within. */
type Send = (sql: string, values: ReadonlyArray<string | number | Buffer>) => Promise<unknown>;

const now = 'UTC_TIMESTAMP(3)';
const end = `${now} + INTERVAL ${day} * 1000 MICROSECOND`;
const sid = 'sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin';

const plain: Record<LayeredOperation, string> = {
  get: `SELECT sess FROM sessions WHERE sid = ? AND expired > ${now}`,
  touch: `UPDATE sessions SET expired = ${end}, updated_at = ${now} WHERE sid = ?`,
  'set changed': `INSERT INTO sessions (sess, sid, expired, created_at, updated_at) VALUES (?, ?, ${end}, ${now}, ${now})
    ON DUPLICATE KEY UPDATE sess = VALUES(sess), expired = VALUES(expired), updated_at = VALUES(updated_at)`,
};

const procedures = [
  `CREATE PROCEDURE only_get(p_${sid}) SELECT sess FROM sessions WHERE sid = p_sid AND expired > ${now}`,
  `CREATE PROCEDURE only_touch(p_${sid}) UPDATE sessions SET expired = ${end}, updated_at = ${now} WHERE sid = p_sid`,
  `CREATE PROCEDURE only_set(p_sess LONGTEXT CHARACTER SET utf8mb4, p_${sid})
   UPDATE sessions SET sess = p_sess, expired = ${end}, updated_at = ${now} WHERE sid = p_sid`,
];

/** Where the time of a call goes: the same work through one layer more after the other. */
export async function measureLayers(context: Context): Promise<LayerSample[]> {
  const { rounds, layers: plan } = context.plan;
  const place = await installIn(context.servers.running.get('mysql'), 'layers');
  await administer(place.adminUrl, async (connection) => {
    for (const procedure of procedures) await connection.query(procedure);
  });
  const pool = createPool({ uri: place.adminUrl, connectionLimit: 10 });
  const knex = knexFactory({ client: 'mysql2', connection: place.url, pool: { min: 0, max: 10 } });
  const store = new MySQLSessionStore({ connection: place.url, disableDbCleanup: true, touchAfter: 0 });
  try {
    const visits = new Visits(store);
    const population: Population = { name: '', from: 1, to: plan.sessions };
    await fill(visits, population, plan.size);
    const query: Send = (sql, values) => pool.query({ sql, rowsAsArray: true }, [...values]);
    const raw: Send = (sql, values) => knex.raw(sql, [...values]).options({ rowsAsArray: true });
    const samples: LayerSample[] = [];
    for (const operation of layeredOperations) {
      for (const callers of plan.callers) {
        const measured = layers.map((layer): LayerSample => ({ operation, layer, callers, rounds: [] }));
        const effort = { callers, milliseconds: plan.milliseconds, batch: plan.sessions, atMost: 1_000_000 };
        // The first round is for the compiler.
        for (let round = -1; round < rounds; round++) {
          context.say(`layers: ${operation}, callers: ${callers}, round ${round + 1} of ${rounds}`);
          for (const { layer, rounds: timings } of inTurn(measured, round + 1)) {
            const work = workOf(layer, operation, { query, raw, visits, population, size: plan.size });
            const timing = await loop(work, effort);
            if (round >= 0) timings.push(timing);
          }
        }
        samples.push(...measured);
      }
    }
    return samples;
  } finally {
    await Promise.all([pool.end(), knex.destroy(), store.close()]);
  }
}

async function fill(visits: Visits, population: Population, size: number): Promise<void> {
  const numbers = Array.from({ length: population.to }, (_, index) => index + 1);
  await forEach(numbers, 16, (number) => {
    const { session } = visits.begin(dataOf(size));
    return visits.set({ sid: idOf(population, number), session });
  });
}

interface Means {
  readonly query: Send;
  readonly raw: Send;
  readonly visits: Visits;
  readonly population: Population;
  readonly size: number;
}

function workOf(layer: Layer, operation: LayeredOperation, means: Means): Operation<unknown> {
  const { query, raw, visits, population, size } = means;
  if (layer === 'the store') {
    return storeWork(operation, visits, population) as Operation<unknown>;
  }
  const text = textOf(size);
  const prepare = (count: number) => sample(population, count);
  const values = (id: string) => (operation === 'set changed' ? [text, id] : [id]);
  const work: Record<Exclude<Layer, 'the store'>, (id: string) => Promise<unknown>> = {
    'plain SQL through mysql2': (id) => query(plain[operation], values(id)),
    'a CALL of a procedure of that one statement': (id) =>
      query(operation === 'set changed' ? 'CALL only_set(?, ?)' : `CALL only_${operation}(?)`, values(id)),
    'a CALL of the routine': (id) => query(...routineCall(operation, id)),
    'the routine through knex.raw': (id) => raw(...routineCall(operation, id)),
  };
  return { prepare, run: work[layer] } as Operation<unknown>;
}

/** The call as the store makes it where a session's `views` changed. */
function routineCall(operation: LayeredOperation, id: string): Parameters<Send> {
  const bytes = (text: string) => Buffer.from(text);
  switch (operation) {
    case 'get':
      return ['CALL sess_get(?)', [bytes(id)]];
    case 'touch':
      return ['CALL sess_touch(?, ?)', [bytes(id), day]];
    case 'set changed':
      return [
        'CALL sess_merge(?, ?, ?, ?)',
        [bytes(id), bytes(`["views",${Math.floor(Math.random() * 1e6)}]`), bytes('[]'), day],
      ];
  }
}

function storeWork(
  operation: LayeredOperation,
  visits: Visits,
  population: Population,
): Operation<string> | Operation<Visit> {
  const load = (count: number) => forEach(sample(population, count), 16, (id) => visits.load(id));
  switch (operation) {
    case 'get':
      return { prepare: (count) => sample(population, count), run: (id: string) => visits.get(id) };
    case 'touch':
      return { prepare: load, run: (visit: Visit) => visits.touch(visit) };
    case 'set changed':
      return {
        prepare: async (count) => {
          const loaded = await load(count);
          for (const { session } of loaded) session.views = 1 + (session.views ?? 0);
          return loaded;
        },
        run: (visit: Visit) => visits.set(visit),
      };
  }
}
