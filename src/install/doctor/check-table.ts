import { quoteIdentifier } from '../../util/identifiers';
import { indexName } from '../attributes/attribute';
import { ownColumns } from '../install-config';
import { isOwnComment, markerOf } from '../sql/names';
import type { InstalledTable } from '../state/installed-table';
import { markTable, tableParts } from '../steps/table-steps';
import { type CheckResult, compare, note } from './check-result';
import { type DoctorContext, migrateCommand } from './doctor-context';

/** Checks the engine, the columns and the indexes of the table. */
export function checkTable(context: DoctorContext): CheckResult[] {
  const { config, installed } = context;
  const { table } = installed;
  if (table === undefined) {
    const subject = `table ${config.names.table}`;
    return [compare(subject, 'the table of the sessions', undefined, migrateCommand(context))];
  }
  const marker = markerOf(config.names);
  return [
    compare(
      `comment of ${config.names.table}`,
      marker,
      isOwnComment(config.names, table.comment) ? marker : table.comment,
      markTable(config.names),
    ),
    ...tableParts(config, table).map(({ subject, expected, found }) =>
      compare(subject, expected, found, migrateCommand(context)),
    ),
    ...checkOtherColumns(context, table),
    ...checkOtherIndexes(context, table),
  ];
}

// Other columns and indexes are the DBA's. They are findings if a session can't be saved.
function checkOtherColumns({ config }: DoctorContext, { columns }: InstalledTable): CheckResult[] {
  const { names, attributes } = config;
  const known = [names.sidColumn, ...ownColumns, ...attributes.map(({ name }) => name)];
  const alter = `ALTER TABLE ${quoteIdentifier(names.table)}`;
  return columns
    .filter(({ name }) => !known.includes(name))
    .map(({ name, type, definition, needsValue }) => {
      const column = quoteIdentifier(name);
      return needsValue
        ? {
            ...compare(
              `column ${name}`,
              'no column that needs a value',
              type,
              `${alter} MODIFY COLUMN ${column} ${definition} NULL;`,
            ),
            alternative: [`${alter} DROP COLUMN ${column};`],
          }
        : note(`column ${name}`, 'no additional columns', type);
    });
}

function checkOtherIndexes({ config }: DoctorContext, { indexes }: InstalledTable): CheckResult[] {
  const { names, attributes } = config;
  const known = ['PRIMARY', names.index, ...attributes.map(({ name }) => indexName(name))];
  return [...indexes]
    .filter(([name]) => !known.includes(name))
    .map(([name, columns]) =>
      columns.includes('unique')
        ? compare(
            `index ${name}`,
            'no other unique index',
            columns,
            `ALTER TABLE ${quoteIdentifier(names.table)} DROP INDEX ${quoteIdentifier(name)};`,
          )
        : note(`index ${name}`, 'no additional indexes', columns),
    );
}
