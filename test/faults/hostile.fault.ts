import { createHmac } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { json } from 'express';
import fc from 'fast-check';
import { DatabaseError } from '../../src';
import type { Parameter } from '../../src/database';
import { inLanes } from '../concurrency/lanes';
import { serve } from '../concurrency/listen';
import { sessionApp } from '../concurrency/session-app';
import { openDatabase } from '../database';
import { createInstallation, openStore, session, type TestInstallation } from '../store';
import { hostileParameter, hostileText, hostileValue } from './hostile-values';

const cases = 50_000;
const lanes = 16;
const secret = 'a secret for the tests';
const confidential = 'whoever reads this has read the session of another';

/** Something that no error of a server says, unless it came through. */
const sqlError = /SQL|ER_|syntax|PROCEDURE|CALL |COLUMN|mysql|mariadb/i;

/** A session of somebody else, which nobody may read, change or end. */
async function createVictim(t: ExecutionContext, { accountUrl, query }: TestInstallation) {
  const sid = 'victim-of-nobody';
  const store = openStore(t, accountUrl);
  await store.set(sid, session(confidential, 86_400_000));
  const look = () =>
    query('SELECT sid, sess, expired, created_at, updated_at FROM sessions WHERE sid = ?', [sid]);
  return { sid, look, before: await look() };
}

async function shapeOf({ query }: TestInstallation): Promise<unknown> {
  return [await query('SHOW CREATE TABLE sessions'), await query('SHOW TABLES')];
}

test.serial(`${cases} hostile cookies and session values, sent to an Express app, do no harm.`, async (t) => {
  t.timeout(1_200_000);
  const installation = await createInstallation(t);
  const { query, accountUrl } = installation;
  const victim = await createVictim(t, installation);
  const shape = await shapeOf(installation);
  const store = openStore(t, accountUrl);
  const ids = new Set([victim.sid]);
  const app = sessionApp(store, (routes) => {
    routes.use(json({ strict: false, limit: '1mb' }));
    routes.post('/', (request, response, next) => {
      request.session.value = request.body;
      request.session.save((error) => {
        if (error) {
          next(error);
          return;
        }
        ids.add(request.sessionID);
        response.json({ sid: request.sessionID });
      });
    });
    routes.get('/', (request, response) => {
      response.json({ value: request.session.value });
    });
  });
  const origin = await serve(t, app);
  const seed = Date.now();
  const values = fc.sample(hostileValue, { seed, numRuns: cases });
  const texts = fc.sample(hostileText, { seed, numRuns: cases });

  const wrong: string[] = [];
  let [kept, refused] = [0, 0];
  await inLanes(lanes, Math.ceil(cases / lanes), async (lane, turn) => {
    const index = turn * lanes + lane;
    if (index >= cases) {
      return;
    }
    // Every other cookie is one that the application might have signed itself.
    const id = texts[index] ?? '';
    const forged = index % 2 === 0 ? `s:${sign(id)}` : id;
    const cookie = `connect.sid=${encodeURIComponent(Buffer.from(forged).toString())}`;
    const text = JSON.stringify(values[index]) ?? 'null';
    const saved = await fetch(origin, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: text,
    });
    const said = await saved.text();
    if (said.includes(confidential) || (saved.status >= 500 && sqlError.test(said))) {
      wrong.push(`${index}: ${said}`);
    }
    if (saved.status !== 200) {
      refused++;
      return;
    }
    const own = saved.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    const body = await (await fetch(origin, { headers: { cookie: own } })).text();
    if (body.includes(confidential)) {
      wrong.push(`${index}: ${body}`);
    }
    if (!isSame(JSON.parse(body).value, JSON.parse(text))) {
      wrong.push(`${index}: ${text} came back as ${body}`);
    }
    kept++;
  });
  t.log(`seed ${seed}: ${kept} kept and read back, ${refused} refused`);
  t.deepEqual(wrong.slice(0, 5), []);
  t.true(kept > cases / 2);
  t.deepEqual(await victim.look(), victim.before);
  t.deepEqual(await shapeOf(installation), shape);
  const rows = await query('SELECT CAST(sid AS BINARY) FROM sessions');
  t.deepEqual(
    rows.map(([sid]) => String(sid)).filter((sid) => !ids.has(sid)),
    [],
  );
});

/** Each routine with how many texts it takes, and how many numbers after them. */
const routines: ReadonlyArray<readonly [name: string, texts: number, numbers: number]> = [
  ['sess_get', 1, 0],
  ['sess_get_many', 1, 0],
  ['sess_set', 2, 1],
  ['sess_update', 2, 1],
  ['sess_merge', 3, 1],
  ['sess_touch', 1, 1],
  ['sess_touch_many', 1, 0],
  ['sess_destroy', 1, 0],
  ['sess_gc', 0, 1],
];

// Mostly one that will do, or hardly any call would come as far as the texts.
const hostileNumber = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Parameter>(60_000) },
  { weight: 1, arbitrary: hostileParameter },
);

/** As many of each as a routine takes. */
function parametersOf(texts: number, numbers: number): fc.Arbitrary<Parameter[]> {
  const [some, others] = [
    fc.array(hostileParameter, { minLength: texts, maxLength: texts }),
    fc.array(hostileNumber, { minLength: numbers, maxLength: numbers }),
  ];
  return fc.tuple(some, others).map((both) => both.flat());
}

test.serial(
  `${cases} hostile calls of the routines, by the application's account, do no harm.`,
  async (t) => {
    t.timeout(1_200_000);
    const installation = await createInstallation(t, ['application']);
    const { query, accountUrl } = installation;
    const victim = await createVictim(t, installation);
    const shape = await shapeOf(installation);
    const account = openDatabase(t, accountUrl);
    const seed = Date.now();
    const calls = fc.sample(
      fc
        .constantFrom(...routines)
        .chain(([name, texts, numbers]) => fc.tuple(fc.constant(name), parametersOf(texts, numbers))),
      { seed, numRuns: cases },
    );
    const made = new Set([victim.sid]);
    const wrong: string[] = [];
    const refusals = new Map<number | undefined, number>();
    await inLanes(8, Math.ceil(cases / 8), async (lane, turn) => {
      const [name, parameters] = calls[turn * 8 + lane] ?? [];
      if (name === undefined || parameters === undefined) {
        return;
      }
      try {
        const rows = await account.query(`CALL ${name}(${parameters.map(() => '?').join(', ')})`, parameters);
        if (name === 'sess_set') {
          made.add(textOf(parameters[0]));
        }
        if (rows.some((row) => row.some((value) => String(value).includes(confidential)))) {
          wrong.push(`${name} read another session`);
        }
      } catch (error) {
        const number = error instanceof DatabaseError ? error.errno : -1;
        refusals.set(number, (refusals.get(number) ?? 0) + 1);
      }
    });
    t.log(`seed ${seed}: refused by number ${[...refusals].map((pair) => pair.join(': ')).join(', ')}`);
    t.deepEqual(wrong.slice(0, 5), []);
    // Refused by the routine (1644), as JSON, or as a number: none is a syntax error, a crash or a lost connection.
    for (const number of refusals.keys()) {
      t.true(expectedRefusals.includes(number ?? 0), `${number}`);
    }
    t.deepEqual(await victim.look(), victim.before);
    t.deepEqual(await shapeOf(installation), shape);
    const rows = await query('SELECT CAST(sid AS BINARY) FROM sessions');
    t.deepEqual(
      rows.map(([sid]) => String(sid)).filter((sid) => !made.has(sid)),
      [],
    );
  },
);

const expectedRefusals = [
  // A routine refuses a parameter.
  1644,
  // A parameter is NULL, out of range, cut, no number, or in no character set of the column.
  1048, 1264, 1265, 1292, 1366, 1406, 1690, 1441,
  // What should be JSON is none, or nests too deep.
  3140, 3141, 3143, 3146, 3151, 3157, 3158, 4025, 4035, 4036, 4037, 4038, 4039, 4040, 4042,
];

// A server writes 1e300 where JavaScript writes 1e+300.
function textOf(parameter: Parameter | undefined): string {
  return typeof parameter === 'number' ? String(parameter).replace('e+', 'e') : String(parameter);
}

// As express-session signs the id in its cookie.
function sign(value: string): string {
  return `${value}.${createHmac('sha256', secret).update(value).digest('base64').replace(/=+$/, '')}`;
}

// JSON has no -0, and MySQL keeps keys in an order of its own.
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return Array.isArray(value) ? value.map(sorted) : value;
  }
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)]);
}
