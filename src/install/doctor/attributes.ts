import { indexName, jsonIn, valueIn } from '../attributes/attribute';
import type { PlannedAttribute } from '../attributes/attribute-steps';
import { attributeTypeOf } from '../attributes/attribute-type';
import { quoteIdentifier } from '../names';
import { compare, type Observation, type Patient } from './check';

/** How many sessions a column is held against. */
const sampleSize = 1_000;

/** The attributes: their columns, what these hold, their indexes, and the sessions that can't be found by them. */
export async function examineAttributes({ target }: Patient): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (const attribute of target.attributes) {
    observations.push(...(await examineAttribute(target, attribute)));
  }
  return observations;
}

async function examineAttribute(
  target: Patient['target'],
  attribute: PlannedAttribute,
): Promise<Observation[]> {
  if (!attribute.hasColumn || !attribute.hasIndex) {
    const missing = attribute.hasColumn ? `index ${indexName(attribute.name)}` : `column ${attribute.name}`;
    return [compare(missing, 'there', undefined, 'knex-mysql-session migrate')];
  }
  return [
    await examineColumn(target, attribute),
    await examineIndex(target, attribute),
    await examineValues(target, attribute),
    await examineUnfindable(target, attribute),
  ];
}

async function examineColumn(
  { connection, names }: Patient['target'],
  attribute: PlannedAttribute,
): Promise<Observation> {
  const [row] = await connection.query(
    `SELECT column_type, collation_name, extra FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ?`,
    [names.table, attribute.name],
  );
  const [type, collation, extra] = row ?? [];
  // Some servers show how wide they would print an integer.
  const shown = collation === null ? String(type).replace(/\(\d+\)/, '') : `${type} ${collation}`;
  return compare(
    `column ${attribute.name}`,
    `${attributeTypeOf(attribute.type).shown}, VIRTUAL GENERATED`,
    `${shown}, ${extra}`,
    ...again(attribute),
  );
}

async function examineIndex(
  { connection, names }: Patient['target'],
  attribute: PlannedAttribute,
): Promise<Observation> {
  const rows = await connection.query(
    `SELECT column_name FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = ? AND index_name = ? ORDER BY seq_in_index`,
    [names.table, indexName(attribute.name)],
  );
  return compare(
    `index ${indexName(attribute.name)}`,
    `on ${attribute.name}, ${names.sidColumn}`,
    `on ${rows.map(([column]) => column).join(', ')}`,
    ...again(attribute),
  );
}

async function examineValues(
  { connection, names }: Patient['target'],
  attribute: PlannedAttribute,
): Promise<Observation> {
  const [row] = await connection.query(
    `SELECT COUNT(IF(HEX(found) <=> HEX(expected), NULL, 1)) FROM (
       SELECT ${quoteIdentifier(attribute.name)} AS found, ${valueIn(attribute)} AS expected
       FROM ${quoteIdentifier(names.table)} LIMIT ${sampleSize}
     ) AS sample`,
  );
  const wrong = Number(row?.[0]);
  const expected = `what its sessions have at ${attribute.path}`;
  return compare(
    `values of ${attribute.name}`,
    expected,
    wrong === 0 ? expected : `something else in ${wrong} of the first ${sampleSize} sessions`,
    ...again(attribute),
  );
}

// Who is looked for by the attribute, to be logged out perhaps, has sessions that stay.
async function examineUnfindable(
  { connection, names }: Patient['target'],
  attribute: PlannedAttribute,
): Promise<Observation> {
  const [row] = await connection.query(
    `SELECT COUNT(*) FROM ${quoteIdentifier(names.table)} FORCE INDEX (${quoteIdentifier(indexName(attribute.name))})
     WHERE ${quoteIdentifier(attribute.name)} IS NULL AND \`expired\` > UTC_TIMESTAMP(3)
       AND COALESCE(JSON_TYPE(${jsonIn(attribute)}), 'NULL') <> 'NULL'`,
  );
  const unfindable = Number(row?.[0]);
  return compare(
    `sessions by ${attribute.name}`,
    "none that can't be found by its value",
    unfindable === 0
      ? "none that can't be found by its value"
      : `${unfindable} whose value does not fit ${attribute.type}, and that can't be found by it`,
    ...again({ ...attribute, type: 'VARCHAR(255)' }),
  );
}

function again({ name, path, type }: Pick<PlannedAttribute, 'name' | 'path' | 'type'>): string[] {
  return [
    `knex-mysql-session attribute drop ${name}`,
    `knex-mysql-session attribute add ${name} --path '${path}' --type '${type}'`,
  ];
}
