import test from 'ava';
import { createConnection, type FieldPacket } from 'mysql2/promise';
import { attributeActions, attributeRoutines, routineNames, routines } from '../../src/contract';
import { createAttributed } from '../install/attributes/attributed';
import { routinesOf } from '../install/catalog';
import { createDatabase, type TestDatabase } from '../support/database';
import { sampleArguments } from './signature';

const contract: Record<string, string> = {
  ...Object.fromEntries(routineNames.map((name) => [name, routines[name].signature])),
  ...Object.fromEntries(
    attributeActions.map((action) => [
      `sess_${action}_user_id`,
      attributeRoutines[action].signature,
    ]),
  ),
};

interface Parameter {
  readonly mode: string;
  readonly name: string;
  readonly type: string;
  readonly charset: string | null;
}

async function parametersOf({ query }: TestDatabase, routine: string): Promise<Parameter[]> {
  const rows = await query(
    `SELECT parameter_mode, parameter_name, dtd_identifier, character_set_name FROM information_schema.parameters
     WHERE specific_schema = DATABASE() AND specific_name = ? ORDER BY ordinal_position`,
    [routine],
  );
  return rows.map(([mode, name, type, charset]) => ({
    mode: String(mode),
    name: String(name),
    // Some servers add the display width of an integer.
    type: String(type).replace(/int\(\d+\)/, 'int'),
    charset: charset === null ? null : String(charset),
  }));
}

/** The arguments that may not be 1,000 or an empty list. */
const special: Readonly<Record<string, string | number>> = { p_keep: 1, p_by: 'created' };

/** Returns the names of the columns that the second call of two returns. */
async function columnsOf({ url }: TestDatabase, routine: string, parameters: readonly Parameter[]) {
  const values = parameters.map(
    ({ name, type }) => special[name] ?? (type.endsWith('int') ? 1_000 : '[]'),
  );
  const connection = await createConnection(url);
  try {
    const statement = `CALL ${routine}(${values.map(() => '?').join(', ')})`;
    await connection.query(statement, values);
    const [, fields] = await connection.query(statement, values);
    const [columns] = (fields ?? []) as unknown as Array<FieldPacket[] | undefined>;
    return (columns ?? []).map(({ name }) => name);
  } finally {
    await connection.end();
  }
}

async function signatureOf(database: TestDatabase, routine: string): Promise<string> {
  const parameters = await parametersOf(database, routine);
  const columns = await columnsOf(database, routine, parameters);
  const listed = parameters.map(({ mode, name, type, charset }) =>
    [mode, name, type, charset].filter(Boolean).join(' '),
  );
  return `(${listed.join(', ')}) ${columns.join(', ')}`.trim();
}

for (const [routine, signature] of Object.entries(contract)) {
  test(`The signature of ${routine} is the released one.`, async (t) => {
    t.is(await signatureOf(await createAttributed(t), routine), signature);
  });
}

test('The contract has the signature of every routine.', async (t) => {
  t.deepEqual(await routinesOf(await createAttributed(t)), Object.keys(contract).toSorted());
});

for (const [what, text] of [
  [
    'type of a parameter',
    'CREATE PROCEDURE sess_gc (IN p_limit BIGINT) SELECT 0 AS deleted, 0 AS overdue_ms',
  ],
  [
    'name of a column',
    'CREATE PROCEDURE sess_gc (IN p_limit INT) SELECT 0 AS removed, 0 AS overdue_ms',
  ],
]) {
  test(`A changed ${what} changes the signature.`, async (t) => {
    const database = await createDatabase(t);
    await database.query(String(text));
    t.not(await signatureOf(database, 'sess_gc'), contract.sess_gc);
  });
}

test('A parameter without a sample is an error that names it.', (t) => {
  t.throws(() => sampleArguments('(IN p_sid varbinary(256), IN p_limit bigint)'), {
    message: /^Expected a sample for the parameter 'p_limit bigint'/,
  });
});
