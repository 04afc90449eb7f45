import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { json } from 'express';
import fc from 'fast-check';
import { DatabaseError } from '../../src';
import type { Parameter } from '../../src/database/connection';
import { runInParallel } from '../e2e/concurrency/parallel';
import { sessionApp } from '../e2e/concurrency/session-app';
import { openDatabase } from '../support/database';
import { serve } from '../support/http';
import {
  createInstallation,
  openDefaultStore,
  session,
  type TestInstallation,
} from '../support/store';
import { hostileCall, hostileText, hostileValue } from './hostile-values';

const cases = 50_000;
const secret = 'a secret for the tests';
const confidential = 'the confidential data of another session';

/** Parts of a server's error. The app must not reveal them. */
const sqlError = /SQL|ER_|syntax|PROCEDURE|CALL |COLUMN|mysql|mariadb/i;

/** Creates a session of another user, which no case may read, change or destroy. */
async function createVictim(t: ExecutionContext, { accountUrl, query }: TestInstallation) {
  const sid = 'victim';
  const store = openDefaultStore(t, accountUrl);
  await store.set(sid, session(confidential, 86_400_000));
  const read = () =>
    query('SELECT sid, sess, expired, created_at, updated_at FROM sessions WHERE sid = ?', [sid]);
  return { sid, read, before: await read() };
}

async function readSchema({ query }: TestInstallation): Promise<unknown> {
  return [await query('SHOW CREATE TABLE sessions'), await query('SHOW TABLES')];
}

/** Returns the ids in the table that are not in a set. */
async function unexpectedIds(
  { query }: TestInstallation,
  expected: ReadonlySet<string>,
): Promise<string[]> {
  const rows = await query('SELECT CAST(sid AS BINARY) FROM sessions');
  return rows.map(([sid]) => String(sid)).filter((sid) => !expected.has(sid));
}

test.serial(
  `${cases} hostile cookies and session values do no harm to an Express app.`,
  async (t) => {
    t.timeout(1_200_000);
    const installation = await createInstallation(t);
    const victim = await createVictim(t, installation);
    const schema = await readSchema(installation);
    const store = openDefaultStore(t, installation.accountUrl);
    const expectedIds = new Set([victim.sid]);
    const app = sessionApp(store, (routes) => {
      routes.use(json({ strict: false, limit: '1mb' }));
      routes.post('/', (request, response, next) => {
        request.session.value = request.body;
        request.session.save((error) => {
          if (error) {
            next(error);
            return;
          }
          expectedIds.add(request.sessionID);
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

    const faults: string[] = [];
    let [accepted, rejected] = [0, 0];
    const workers = 16;
    await runInParallel(workers, Math.ceil(cases / workers), async (worker, round) => {
      const index = round * workers + worker;
      if (index >= cases) {
        return;
      }
      // Half of the cookies have a valid signature, as if the application had signed the id.
      const id = texts[index] ?? '';
      const content = index % 2 === 0 ? `s:${sign(id)}` : id;
      const cookie = `connect.sid=${encodeURIComponent(Buffer.from(content).toString())}`;
      const text = JSON.stringify(values[index]) ?? 'null';
      const saved = await fetch(origin, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: text,
      });
      const reply = await saved.text();
      if (reply.includes(confidential) || (saved.status >= 500 && sqlError.test(reply))) {
        faults.push(`${index}: ${reply}`);
      }
      if (saved.status !== 200) {
        rejected++;
        return;
      }
      const newCookie = saved.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
      const loaded = await fetch(origin, { headers: { cookie: newCookie } });
      const body = await loaded.text();
      if (body.includes(confidential) || loaded.status !== 200) {
        faults.push(`${index}: status ${loaded.status}, ${body}`);
        return;
      }
      if (!isDeepStrictEqual(JSON.parse(body).value, JSON.parse(text))) {
        faults.push(`${index}: ${text} became ${body}`);
      }
      accepted++;
    });
    t.log(`seed ${seed}: ${accepted} values saved and read, ${rejected} rejected`);
    t.deepEqual(faults.slice(0, 5), []);
    t.true(accepted > cases / 2);
    t.deepEqual(await victim.read(), victim.before);
    t.deepEqual(await readSchema(installation), schema);
    t.deepEqual(await unexpectedIds(installation, expectedIds), []);
  },
);

/** Signs an id like express-session does for its cookie. */
function sign(id: string): string {
  return `${id}.${createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')}`;
}

/** A call may fail with these errors only. A syntax error or a lost connection is a fault. */
const expectedErrors = [
  // A routine rejects a parameter with SIGNAL.
  1644,
  // A parameter is NULL, out of range, truncated, not a number, or not in the column's charset.
  1048, 1264, 1265, 1292, 1366, 1406, 1690, 1441,
  // A parameter is not JSON, or nests too deeply.
  3140, 3141, 3143, 3146, 3151, 3157, 3158, 4025, 4035, 4036, 4037, 4038, 4039, 4040, 4042,
];

test.serial(`${cases} hostile calls by the application's account do no harm.`, async (t) => {
  t.timeout(1_200_000);
  const installation = await createInstallation(t, ['application']);
  const victim = await createVictim(t, installation);
  const schema = await readSchema(installation);
  const account = openDatabase(t, installation.accountUrl);
  const seed = Date.now();
  const calls = fc.sample(hostileCall, { seed, numRuns: cases });
  const expectedIds = new Set([victim.sid]);
  const faults: string[] = [];
  const errors = new Map<number, number>();
  const workers = 8;
  await runInParallel(workers, Math.ceil(cases / workers), async (worker, round) => {
    const call = calls[round * workers + worker];
    if (call === undefined) {
      return;
    }
    const { routine, parameters } = call;
    try {
      const rows = await account.query(
        `CALL ${routine}(${parameters.map(() => '?').join(', ')})`,
        parameters,
      );
      if (routine === 'sess_set') {
        expectedIds.add(serverText(parameters[0]));
      }
      if (rows.some((row) => row.some((value) => String(value).includes(confidential)))) {
        faults.push(`${routine} read another session`);
      }
    } catch (error) {
      const errno = (error instanceof DatabaseError ? error.errno : undefined) ?? -1;
      errors.set(errno, (errors.get(errno) ?? 0) + 1);
    }
  });
  t.log(`seed ${seed}: errors ${[...errors].map((pair) => pair.join(': ')).join(', ')}`);
  t.deepEqual(faults.slice(0, 5), []);
  for (const errno of errors.keys()) {
    t.true(expectedErrors.includes(errno), `${errno}`);
  }
  t.deepEqual(await victim.read(), victim.before);
  t.deepEqual(await readSchema(installation), schema);
  t.deepEqual(await unexpectedIds(installation, expectedIds), []);
});

/** Returns a parameter as the server converts it to text. It writes 1e300, JavaScript 1e+300. */
function serverText(parameter: Parameter | undefined): string {
  return typeof parameter === 'number' ? String(parameter).replace('e+', 'e') : String(parameter);
}
