import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { json } from 'express';
import fc from 'fast-check';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Parameter } from '../../src/database/connection';
import { runInParallel } from '../e2e/concurrency/parallel';
import { sessionApp } from '../e2e/concurrency/session-app';
import { assignmentsOf } from '../sql/session-variables';
import { serve } from '../support/http';
import {
  createInstallation,
  openDefaultStore,
  session,
  type TestInstallation,
} from '../support/store';
import { hostileCall, hostileText, hostileValue } from './hostile-values';

/** hostile.full.test.ts runs a sample of the same cases. */
const scale = test.meta.file.endsWith('.fault.ts') ? 1 : 1 / 100;

/** A million in all. A case through Express takes two requests. */
const visits = 50_000 * scale;
const calls = 850_000 * scale;
const callsWithVariables = 100_000 * scale;

/** How many cases are generated at once: all would not fit into memory. */
const batchSize = 10_000;

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
  `${visits} hostile cookies and session values do no harm to an Express app.`,
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
    const values = fc.sample(hostileValue, { seed, numRuns: visits });
    const texts = fc.sample(hostileText, { seed, numRuns: visits });

    const faults: string[] = [];
    let [accepted, rejected] = [0, 0];
    const workers = 16;
    await runInParallel(workers, Math.ceil(visits / workers), async (worker, round) => {
      const index = round * workers + worker;
      if (index >= visits) {
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
    t.true(accepted > visits / 2);
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

/** Errors that a setting of the session causes: see session-variables.test.ts. */
const errorsOfVariables = [
  // A routine refuses a session without autocommit, and the server exceeds a limit of the session.
  1038, 1104, 1175, 1205, 1290, 1792, 1969, 3024, 3889, 3944,
];

interface HostileRun {
  readonly title: string;
  readonly count: number;
  /** Whether each call has a random setting of the session. */
  readonly hasVariables: boolean;
  readonly errors: readonly number[];
}

const runs: readonly HostileRun[] = [
  {
    title: `${calls} hostile calls by the application's account do no harm.`,
    count: calls,
    hasVariables: false,
    errors: expectedErrors,
  },
  {
    title: `${callsWithVariables} hostile calls with random session variables do no harm.`,
    count: callsWithVariables,
    hasVariables: true,
    errors: [...expectedErrors, ...errorsOfVariables],
  },
];

for (const { title, count, hasVariables, errors: allowed } of runs) {
  test.serial(title, async (t) => {
    t.timeout(3_600_000);
    const installation = await createInstallation(t, ['application']);
    const victim = await createVictim(t, installation);
    const schema = await readSchema(installation);
    const assignments = hasVariables ? await allAssignments(installation) : [];
    const expectedIds = new Set([victim.sid]);
    const faults: string[] = [];
    const errors = new Map<number, number>();
    const workers = 8;
    const seed = Date.now();
    let variablesSet = 0;
    for (let done = 0; done < count; done += batchSize) {
      const size = Math.min(batchSize, count - done);
      const batch = fc.sample(hostileCall, { seed: seed + done, numRuns: size });
      await runInParallel(workers, 1, async (worker) => {
        let account = await openAccount(installation);
        for (let index = worker; index < size; index += workers) {
          const { routine, parameters } = batch[index] ?? { routine: '', parameters: [] };
          if (hasVariables && index % 64 < workers) {
            account.destroy();
            account = await openAccount(installation);
            const assignment = assignments[(done + index * 31) % assignments.length] ?? '';
            await account.query(assignment).then(
              () => variablesSet++,
              () => undefined,
            );
          }
          try {
            const statement = `CALL ${routine}(${parameters.map(() => '?').join(', ')})`;
            // The store sends bytes. The driver quotes text wrongly with NO_BACKSLASH_ESCAPES.
            const sent = hasVariables ? parameters.map(toBytes) : parameters;
            const [rows] = await account.query(statement, [...sent]);
            if (routine === 'sess_set' || routine === 'sess_add')
              expectedIds.add(serverText(parameters[0]));
            if (JSON.stringify(rows, textOfBytes).includes(confidential)) {
              faults.push(`${routine} read another session`);
            }
          } catch (error) {
            const number = Number(Object(error).errno ?? -1);
            errors.set(number, (errors.get(number) ?? 0) + 1);
          }
        }
        account.destroy();
      });
    }
    t.log(`seed ${seed}: errors ${[...errors].map((pair) => pair.join(': ')).join(', ')}`);
    t.is(variablesSet > 0, hasVariables);
    t.deepEqual(faults.slice(0, 5), []);
    for (const errno of errors.keys()) {
      t.true(allowed.includes(errno), `${errno}`);
    }
    t.deepEqual(await victim.read(), victim.before);
    t.deepEqual(await readSchema(installation), schema);
    if (!hasVariables) t.deepEqual(await unexpectedIds(installation, expectedIds), []);
  });
}

/** Returns an assignment for each value of each variable of a session. */
async function allAssignments({ accountUrl }: TestInstallation): Promise<string[]> {
  const account = await openAccount({ accountUrl });
  const [rows] = await account.query<RowDataPacket[]>('SHOW SESSION VARIABLES');
  account.destroy();
  return rows.flatMap(({ Variable_name }) => assignmentsOf(String(Variable_name)));
}

async function openAccount({
  accountUrl,
}: Pick<TestInstallation, 'accountUrl'>): Promise<Connection> {
  const connection = await createConnection(accountUrl);
  // A setting can make the server close it.
  connection.on('error', () => undefined);
  return connection;
}

function toBytes(parameter: Parameter): Parameter {
  return typeof parameter === 'string' ? Buffer.from(parameter) : parameter;
}

function textOfBytes(_key: string, value: unknown): unknown {
  const { type, data } = Object(value);
  return type === 'Buffer' ? Buffer.from(data).toString() : value;
}

/** Returns a parameter as the server converts it to text. It writes 1e300, JavaScript 1e+300. */
function serverText(parameter: Parameter | undefined): string {
  return typeof parameter === 'number' ? String(parameter).replace('e+', 'e') : String(parameter);
}
