import test from 'ava';
import {
  attributeActions,
  attributeRoutines,
  type Role,
  type RoutineName,
  routineNames,
  routines,
} from '../../src/contract';
import type { Connection, Parameter } from '../../src/database/connection';
import { errno } from '../../src/database/error-codes';
import { DatabaseError, RoutineNotGrantedError } from '../../src/errors';
import { RoutineClient } from '../../src/routines/routine-client';
import type { RoutineMethods } from '../../src/routines/routine-methods';
import { parseSignature, sampleArguments } from '../sql/signature';

const attribute = 'user_id';

/** The arguments for each method, from the signature of its routine. */
const methodCalls: Readonly<Record<string, readonly unknown[]>> = {
  ...Object.fromEntries(
    routineNames.map((name) => [methodName(name), sampleArguments(routines[name].signature)]),
  ),
  ...Object.fromEntries(
    attributeActions.map((action) => [
      `${action}By`,
      [attribute, ...sampleArguments(attributeRoutines[action].signature)],
    ]),
  ),
};

/** Returns `getMany` for `sess_get_many`. */
function methodName(routine: RoutineName): string {
  return routine.replace('sess_', '').replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}

function callMethod(client: RoutineClient, method: string): Promise<unknown> {
  return Reflect.apply(Reflect.get(client, method), client, methodCalls[method] ?? []);
}

const signatures: Record<string, string> = {
  ...Object.fromEntries(routineNames.map((name) => [name, routines[name].signature])),
  ...Object.fromEntries(
    attributeActions.map((action) => [
      `sess_${action}_${attribute}`,
      attributeRoutines[action].signature,
    ]),
  ),
};

/** Calls every method, and returns the statements and how many parameters each of them had. */
async function callEveryMethod(prefix: string): Promise<Map<string, number>> {
  const sent = new Map<string, number>();
  const connection: Connection = {
    query: async (sql: string, parameters: readonly Parameter[] = []) => {
      sent.set(sql, parameters.length);
      return sql.includes('version') ? [[1, 100, 1_024, 1, 0, '8.4.3', 'db1:3306', 1]] : [['[]']];
    },
  };
  const client = new RoutineClient(connection, prefix);
  for (const method of Object.keys(methodCalls)) {
    await callMethod(client, method);
  }
  return sent;
}

test('Each method calls its routine with as many parameters as the contract lists.', async (t) => {
  const expected = Object.entries(signatures).map(([routine, signature]) => {
    const count = parseSignature(signature).parameters.length;
    const name = routine.replace('sess_', 'admin_');
    return [`CALL ${name}(${Array(count).fill('?').join(', ')})`, count] as const;
  });
  const sent = await callEveryMethod('admin_');
  t.deepEqual([...sent].sort(), expected.toSorted());
});

test('A prefix with dollar signs is used as it was given.', async (t) => {
  t.true((await callEveryMethod('a$$b_')).has('CALL a$$b_get(?)'));
});

const denied: Connection = {
  query: () => {
    const details = { code: undefined, errno: errno.routineDenied, sqlState: undefined };
    return Promise.reject(new DatabaseError('denied', details));
  },
};

for (const [role, method, expected] of [
  ['application', 'get', 'application'],
  ['operator', 'get', 'operator'],
  ['cleaner', 'gc', 'cleaner'],
  ['application', 'clear', 'operator'],
  ['find_user_id', 'version', 'find_user_id'],
  ['application', 'findBy', 'find_user_id'],
  ['operator', 'destroyBy', 'destroy_user_id'],
] as const satisfies ReadonlyArray<readonly [Role, keyof RoutineMethods, Role]>) {
  test(`${method}() of the role ${role} names the role ${expected} if it is denied.`, async (t) => {
    const client = new RoutineClient(denied, 'sess_', role);
    const error = await t.throwsAsync(callMethod(client, method), {
      instanceOf: RoutineNotGrantedError,
    });
    t.regex(error?.message ?? '', new RegExp(`grant ACCOUNT --role ${expected}\\.`));
  });
}
