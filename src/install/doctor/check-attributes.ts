import { attributeOf } from '../../contract';
import { quoteIdentifier } from '../../util/identifiers';
import { indexName, jsonIn, valueIn } from '../attributes/attribute';
import { getAttributeType } from '../attributes/attribute-type';
import { formatCommand } from '../command';
import type { ConnectedConfig } from '../install-config';
import { formatAccount } from '../sql/account';
import type { DesiredState, PlannedAttribute } from '../steps/desired-state';
import { type CheckResult, compare } from './check-result';
import { type DoctorContext, migrateCommand } from './doctor-context';

/** How many sessions the values of a column are compared with. */
const sampleSize = 1_000;

/** Checks each attribute: its column and values, its index, and values that do not fit its type. */
export async function checkAttributes({ config }: DoctorContext): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const attribute of config.attributes) {
    results.push(...(await checkAttribute(config, attribute)));
  }
  return results;
}

async function checkAttribute(
  config: DoctorContext['config'],
  attribute: PlannedAttribute,
): Promise<CheckResult[]> {
  if (!attribute.hasColumn) {
    const expected = columnDefinition(attribute);
    return [compare(`column ${attribute.name}`, expected, undefined, migrateCommand({ config }))];
  }
  if (!attribute.hasIndex) {
    const expected = indexDefinition(config, attribute);
    return [
      compare(
        `index ${indexName(attribute.name)}`,
        expected,
        undefined,
        migrateCommand({ config }),
      ),
    ];
  }
  const parts = [await checkColumn(config, attribute), await checkIndex(config, attribute)];
  // Once these are repaired, the values are right.
  return attribute.isDifferent
    ? parts
    : [...parts, await checkValues(config, attribute), await checkFindable(config, attribute)];
}

async function checkColumn(
  config: DoctorContext['config'],
  attribute: PlannedAttribute,
): Promise<CheckResult> {
  const { connection, names } = config;
  const [row] = await connection.query(
    `SELECT column_type, collation_name, extra FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ?`,
    [names.table, attribute.name],
  );
  const [type, collation, extra] = row ?? [];
  // Some servers add a display width to an integer type.
  const fullType =
    collation === null ? String(type).replace(/\(\d+\)/, '') : `${type} ${collation}`;
  return compare(
    `column ${attribute.name}`,
    columnDefinition(attribute),
    `${fullType}, ${extra}`,
    migrateCommand({ config }),
  );
}

function columnDefinition({ type }: PlannedAttribute): string {
  return `${getAttributeType(type).shown}, VIRTUAL GENERATED`;
}

async function checkIndex(
  config: DoctorContext['config'],
  attribute: PlannedAttribute,
): Promise<CheckResult> {
  const rows = await config.connection.query(
    `SELECT column_name FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = ? AND index_name = ? ORDER BY seq_in_index`,
    [config.names.table, indexName(attribute.name)],
  );
  return compare(
    `index ${indexName(attribute.name)}`,
    indexDefinition(config, attribute),
    `on ${rows.map(([column]) => column).join(', ')}`,
    migrateCommand({ config }),
  );
}

function indexDefinition({ names }: ConnectedConfig, { name }: PlannedAttribute): string {
  return `on ${name}, ${names.sidColumn}`;
}

async function checkValues(
  config: DoctorContext['config'],
  attribute: PlannedAttribute,
): Promise<CheckResult> {
  const { connection, names } = config;
  const [row] = await connection.query(
    `SELECT COUNT(IF(HEX(found) <=> HEX(expected), NULL, 1)) FROM (
       SELECT ${quoteIdentifier(attribute.name)} AS found, ${valueIn(attribute)} AS expected
       FROM ${quoteIdentifier(names.table)} LIMIT ${sampleSize}
     ) AS sample`,
  );
  const count = Number(row?.[0]);
  const expected = `equal to ${attribute.path} of each session`;
  return compare(
    `values of ${attribute.name}`,
    expected,
    count === 0 ? expected : `different in ${count} of the first ${sampleSize} sessions`,
    `ALTER TABLE ${quoteIdentifier(names.table)} ` +
      `DROP INDEX ${quoteIdentifier(indexName(attribute.name))}, ` +
      `DROP COLUMN ${quoteIdentifier(attribute.name)};`,
    migrateCommand({ config }),
  );
}

// A logout by this attribute would miss a session whose value does not fit the type.
async function checkFindable(
  config: DoctorContext['config'],
  attribute: PlannedAttribute,
): Promise<CheckResult> {
  const { connection, names } = config;
  const [row] = await connection.query(
    `SELECT COUNT(*) FROM ${quoteIdentifier(names.table)} FORCE INDEX (${quoteIdentifier(indexName(attribute.name))})
     WHERE ${quoteIdentifier(attribute.name)} IS NULL AND \`expired\` > UTC_TIMESTAMP(3)
       AND COALESCE(JSON_TYPE(${jsonIn(attribute)}), 'NULL') <> 'NULL'`,
  );
  const count = Number(row?.[0]);
  const expected = 'all can be found by their value';
  return compare(
    `sessions by ${attribute.name}`,
    expected,
    count === 0 ? expected : `${count} can't be found: the value does not fit ${attribute.type}`,
    ...recreateCommands(config, { ...attribute, type: 'VARCHAR(255)' }),
  );
}

// The routines go with the attribute, and the grants with the routines.
function recreateCommands(
  { names, grants }: DesiredState,
  { name, path, type }: Pick<PlannedAttribute, 'name' | 'path' | 'type'>,
): string[] {
  return [
    `attribute drop ${name}`,
    `attribute add ${name} --path '${path}' --type '${type}'`,
    ...grants
      .filter(({ role }) => attributeOf(role) === name)
      .map(({ account, role }) => `grant ${formatAccount(account)} --role ${role}`),
  ].map((command) => formatCommand(command, names.flags));
}
