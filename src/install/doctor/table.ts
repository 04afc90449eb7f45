import { isJsonColumn } from '../../servers';
import { indexName } from '../attributes/attribute';
import { quoteIdentifier } from '../names';
import { compare, note, type Observation, type Patient } from './check';

interface Shape {
  readonly name: string;
  /** As the catalogue tells it: type, collation, and whether it takes NULL. */
  readonly expected: string;
  /** As it stands in CREATE TABLE. */
  readonly definition: string;
}

const jsonColumn = 'sess';

function shapesOf(sidColumn: string): Shape[] {
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

/** The table: its columns, keys and engine. */
export async function examineTable({ target, installed }: Patient): Promise<Observation[]> {
  const { table } = target.names;
  if (installed.columns.length === 0) {
    return [compare(`table ${table}`, 'a table', undefined, 'knex-mysql-session migrate')];
  }
  return [await examineEngine(target), ...(await examineColumns(target)), ...(await examineIndexes(target))];
}

async function examineEngine({ connection, names }: Patient['target']): Promise<Observation> {
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

async function examineColumns({ connection, names, attributes }: Patient['target']): Promise<Observation[]> {
  const rows = await connection.query(
    `SELECT column_name, column_type, collation_name, is_nullable FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position`,
    [names.table],
  );
  const [created] = await connection.query(`SHOW CREATE TABLE ${quoteIdentifier(names.table)}`);
  const isJson = isJsonColumn(String(created?.[1]), jsonColumn);
  const found = new Map(
    rows.map(([column, type, collation, nullable]) => {
      const name = String(column);
      const shown =
        name === jsonColumn && isJson ? 'json' : [type, collation].filter((part) => part !== null).join(' ');
      return [name, `${shown} ${nullable === 'NO' ? 'NOT NULL' : 'NULL'}`];
    }),
  );
  const shapes = shapesOf(names.sidColumn);
  const known = shapes.map(({ name, expected, definition }) => {
    const change = found.has(name) ? 'MODIFY' : 'ADD';
    return compare(
      `column ${name}`,
      expected,
      found.get(name),
      `ALTER TABLE ${quoteIdentifier(names.table)} ${change} COLUMN ${quoteIdentifier(name)} ${definition};`,
    );
  });
  const expected = [...shapes, ...attributes].map(({ name }) => name);
  const others = [...found].filter(([name]) => !expected.includes(name));
  return [...known, ...others.map(([name, type]) => note(`column ${name}`, 'no column of this name', type))];
}

async function examineIndexes({ connection, names, attributes }: Patient['target']): Promise<Observation[]> {
  const rows = await connection.query(
    `SELECT index_name, column_name, non_unique, sub_part FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = ? ORDER BY index_name, seq_in_index`,
    [names.table],
  );
  const found = new Map<string, string>();
  for (const [index, column, repeats, part] of rows) {
    const name = String(index);
    const before = found.get(name) ?? (Number(repeats) === 0 ? 'unique on' : 'on');
    found.set(name, `${before} ${column}${part === null ? '' : `(${part})`}`);
  }
  const table = quoteIdentifier(names.table);
  const drop = (name: string) => (found.has(name) ? `DROP INDEX ${quoteIdentifier(name)}, ` : '');
  const index = quoteIdentifier(names.index);
  const expected = ['PRIMARY', names.index, ...attributes.map(({ name }) => indexName(name))];
  return [
    compare(
      'primary key',
      `unique on ${names.sidColumn}`,
      found.get('PRIMARY'),
      `ALTER TABLE ${table} ${found.has('PRIMARY') ? 'DROP PRIMARY KEY, ' : ''}ADD PRIMARY KEY (${quoteIdentifier(names.sidColumn)});`,
    ),
    compare(
      `index ${names.index}`,
      'on expired',
      found.get(names.index),
      `ALTER TABLE ${table} ${drop(names.index)}ADD INDEX ${index} (\`expired\`);`,
    ),
    ...[...found]
      .filter(([name]) => !expected.includes(name))
      .map(([name, columns]) => note(`index ${name}`, 'no index of this name', columns)),
  ];
}
