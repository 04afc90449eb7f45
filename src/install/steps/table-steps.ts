import { quoteIdentifier } from '../../util/identifiers';
import { sha256 } from '../../util/sha256';
import type { InstallConfig, ObjectNames } from '../install-config';
import { hasColumn, hasIndex, runIf } from '../sql/conditional';
import { markerOf } from '../sql/names';
import type { InstalledTable } from '../state/installed-table';
import type { DesiredState } from './desired-state';
import { createStep, type Step } from './step';

/** A part of the table: what it should be, and what the server has. */
export interface TablePart {
  /** For people: `column expired`. */
  readonly subject: string;
  readonly expected: string;
  /** `undefined` if it does not exist. */
  readonly found: string | undefined;
  /** The clauses of an ALTER TABLE that make it so. */
  readonly repair: readonly string[];
  /** The condition for a repair that can run only once. */
  readonly isMissing?: string;
  /** A clause for after the repair. */
  readonly afterwards?: string;
}

/**
 * Returns the step that repairs the table, if it exists and differs. It runs when no migration is
 * pending: a migration may be what is missing.
 */
export function tableSteps(desired: DesiredState): Step[] {
  const { table, names } = desired;
  const different = table ? findDifferentParts(desired, table) : [];
  if (different.length === 0) {
    return [];
  }
  const alter = `ALTER TABLE ${quoteIdentifier(names.table)}`;
  const later = different.flatMap(({ afterwards }) => afterwards ?? []);
  const up = [
    'SET SESSION lock_wait_timeout = 1',
    ...repairTable(different, alter),
    ...(later.length > 0 ? [`${alter} ${later.join(', ')}`] : []),
    'SET SESSION lock_wait_timeout = 60',
  ];
  const facts = { kind: 'table', name: names.table, details: {} } as const;
  return [createStep(facts, { comment, checksum: sha256(up.join(';')), up })];
}

// One statement repairs all or nothing. So one missing part tells whether it ran.
function repairTable(different: readonly TablePart[], alter: string): string[] {
  const statement = `${alter} ${different.flatMap(({ repair }) => repair).join(', ')}`;
  const condition = different.find(({ isMissing }) => isMissing !== undefined)?.isMissing;
  return condition === undefined ? [statement] : runIf(condition, statement);
}

const comment =
  '-- The table differs from what the routines need. The change waits at most one second for a long\n' +
  '-- transaction on the table, and then fails: repeat it. A session whose expiry time got lost ends\n' +
  '-- in a day.\n';

/** Returns the statement that marks a table as one of this package. */
export function markTable(names: ObjectNames): string {
  return `ALTER TABLE ${quoteIdentifier(names.table)} COMMENT = '${markerOf(names)}';`;
}

/** Returns the parts of the table that are not as they should be. */
export function findDifferentParts(config: InstallConfig, table: InstalledTable): TablePart[] {
  return tableParts(config, table).filter(({ expected, found }) => found !== expected);
}

/** Compares each part of the table with what it should be. */
export function tableParts(config: InstallConfig, table: InstalledTable): TablePart[] {
  const { names } = config;
  return [
    {
      subject: `engine of ${names.table}`,
      expected: 'InnoDB',
      found: table.engine,
      repair: ['ENGINE = InnoDB'],
    },
    ...columnParts(config, table),
    ...indexParts(config, table),
  ];
}

function columnParts({ names }: InstallConfig, { columns, tomorrow }: InstalledTable): TablePart[] {
  const time = ['datetime(3) NOT NULL', 'DATETIME(3) NOT NULL'] as const;
  const expected: ReadonlyArray<
    readonly [name: string, type: string, definition: string, lost?: string]
  > = [
    [
      names.sidColumn,
      'varchar(255) ascii_bin NOT NULL',
      'VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL',
    ],
    ['sess', 'json NOT NULL', 'JSON NOT NULL'],
    ['expired', ...time, `'${tomorrow}'`],
    ['created_at', ...time, 'CURRENT_TIMESTAMP(3)'],
    ['updated_at', ...time, 'CURRENT_TIMESTAMP(3)'],
  ];
  return expected.map(([name, type, definition, lost = '']) => {
    const column = quoteIdentifier(name);
    const found = columns.find((one) => one.name === name)?.type;
    return {
      subject: `column ${name}`,
      expected: type,
      found,
      ...(found === undefined
        ? {
            repair: [`ADD COLUMN ${column} ${definition} DEFAULT ${lost}`],
            isMissing: `NOT ${hasColumn({ names }, name)}`,
            afterwards: `ALTER COLUMN ${column} DROP DEFAULT`,
          }
        : { repair: [`MODIFY COLUMN ${column} ${definition}`] }),
    };
  });
}

function indexParts({ names }: InstallConfig, { indexes }: InstalledTable): TablePart[] {
  const primary = indexes.get('PRIMARY');
  const found = indexes.get(names.index);
  const index = quoteIdentifier(names.index);
  return [
    {
      subject: 'primary key',
      expected: `unique on ${names.sidColumn}`,
      found: primary,
      repair: [
        ...(primary === undefined ? [] : ['DROP PRIMARY KEY']),
        `ADD PRIMARY KEY (${quoteIdentifier(names.sidColumn)})`,
      ],
      ...(primary === undefined && { isMissing: `NOT ${hasIndex({ names }, 'PRIMARY')}` }),
    },
    {
      subject: `index ${names.index}`,
      expected: 'on expired',
      found,
      // To drop and add an index in one statement keeps MariaDB from using it again.
      repair: found?.startsWith('ignored, ')
        ? [`ALTER INDEX ${index} /*M! NOT IGNORED */ /*!80000 VISIBLE */`]
        : [
            ...(found === undefined ? [] : [`DROP INDEX ${index}`]),
            `ADD INDEX ${index} (\`expired\`)`,
          ],
      ...(found === undefined && { isMissing: `NOT ${hasIndex({ names }, names.index)}` }),
    },
  ];
}
