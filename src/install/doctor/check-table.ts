import { indexName } from '../attributes/attribute';
import type { ConnectedConfig } from '../install-config';
import { quoteIdentifier } from '../sql/names';
import { isJsonColumn } from '../state/server-capabilities';
import { type CheckResult, compare, note } from './check-result';
import { type DoctorContext, migrateCommand } from './doctor-context';

interface ExpectedColumn {
  readonly name: string;
  /** Type, collation and nullability, as information_schema reports them. */
  readonly expected: string;
  /** The same in SQL, for ALTER TABLE. */
  readonly definition: string;
}

const jsonColumn = 'sess';

function expectedColumns(sidColumn: string): ExpectedColumn[] {
  const time = { expected: 'datetime(3) NOT NULL', definition: 'DATETIME(3) NOT NULL' };
  return [
    {
      name: sidColumn,
      expected: 'varchar(255) ascii_bin NOT NULL',
      definition: 'VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL',
    },
    { name: jsonColumn, expected: 'json NOT NULL', definition: 'JSON NOT NULL' },
    { name: 'expired', ...time },
    { name: 'created_at', ...time },
    { name: 'updated_at', ...time },
  ];
}

/** Checks the engine, the columns and the indexes of the table. */
export async function checkTable(context: DoctorContext): Promise<CheckResult[]> {
  const { config, installed } = context;
  if (installed.columns.length === 0) {
    const subject = `table ${config.names.table}`;
    return [compare(subject, 'the table of the sessions', undefined, migrateCommand(context))];
  }
  return [
    await checkEngine(config),
    ...(await checkColumns(config)),
    ...(await checkIndexes(config)),
  ];
}

async function checkEngine({ connection, names }: ConnectedConfig): Promise<CheckResult> {
  const [row] = await connection.query(
    'SELECT engine FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
    [names.table],
  );
  return compare(
    `engine of ${names.table}`,
    'InnoDB',
    String(row?.[0]),
    `ALTER TABLE ${quoteIdentifier(names.table)} ENGINE = InnoDB;`,
  );
}

async function checkColumns(config: DoctorContext['config']): Promise<CheckResult[]> {
  const { names, attributes } = config;
  const found = await readColumns(config);
  const expected = expectedColumns(names.sidColumn);
  const results = expected.map((column) => {
    const change = found.has(column.name) ? 'MODIFY' : 'ADD';
    return compare(
      `column ${column.name}`,
      column.expected,
      found.get(column.name),
      `ALTER TABLE ${quoteIdentifier(names.table)} ${change} COLUMN ${quoteIdentifier(column.name)} ${column.definition};`,
    );
  });
  const knownNames = [...expected, ...attributes].map(({ name }) => name);
  const others = [...found].filter(([name]) => !knownNames.includes(name));
  return [
    ...results,
    ...others.map(([name, type]) => note(`column ${name}`, 'no additional columns', type)),
  ];
}

/** Returns the columns by name, each with its type, collation and nullability. */
async function readColumns({ connection, names }: ConnectedConfig): Promise<Map<string, string>> {
  const rows = await connection.query(
    `SELECT column_name, column_type, collation_name, is_nullable FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position`,
    [names.table],
  );
  const [created] = await connection.query(`SHOW CREATE TABLE ${quoteIdentifier(names.table)}`);
  const isJson = isJsonColumn(String(created?.[1]), jsonColumn);
  return new Map(
    rows.map(([column, type, collation, nullable]) => {
      const name = String(column);
      // MariaDB reports JSON as LONGTEXT.
      const fullType =
        name === jsonColumn && isJson
          ? 'json'
          : [type, collation].filter((part) => part !== null).join(' ');
      return [name, `${fullType} ${nullable === 'NO' ? 'NOT NULL' : 'NULL'}`];
    }),
  );
}

async function checkIndexes(config: DoctorContext['config']): Promise<CheckResult[]> {
  const { names, attributes } = config;
  const found = await readIndexes(config);
  const table = quoteIdentifier(names.table);
  const index = quoteIdentifier(names.index);
  const dropPrimary = found.has('PRIMARY') ? 'DROP PRIMARY KEY, ' : '';
  const dropIndex = found.has(names.index) ? `DROP INDEX ${index}, ` : '';
  const knownNames = ['PRIMARY', names.index, ...attributes.map(({ name }) => indexName(name))];
  const others = [...found].filter(([name]) => !knownNames.includes(name));
  return [
    compare(
      'primary key',
      `unique on ${names.sidColumn}`,
      found.get('PRIMARY'),
      `ALTER TABLE ${table} ${dropPrimary}ADD PRIMARY KEY (${quoteIdentifier(names.sidColumn)});`,
    ),
    compare(
      `index ${names.index}`,
      'on expired',
      found.get(names.index),
      `ALTER TABLE ${table} ${dropIndex}ADD INDEX ${index} (\`expired\`);`,
    ),
    ...others.map(([name, columns]) => note(`index ${name}`, 'no additional indexes', columns)),
  ];
}

/** Returns the indexes by name, each with its columns: `unique on sid`. */
async function readIndexes({ connection, names }: ConnectedConfig): Promise<Map<string, string>> {
  const rows = await connection.query(
    `SELECT index_name, column_name, non_unique, sub_part FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = ? ORDER BY index_name, seq_in_index`,
    [names.table],
  );
  const indexes = new Map<string, string>();
  for (const [indexColumn, column, nonUnique, prefixLength] of rows) {
    const name = String(indexColumn);
    const start = indexes.get(name) ?? (Number(nonUnique) === 0 ? 'unique on' : 'on');
    const prefix = prefixLength === null ? '' : `(${prefixLength})`;
    indexes.set(name, `${start} ${column}${prefix}`);
  }
  return indexes;
}
