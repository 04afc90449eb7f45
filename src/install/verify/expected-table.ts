import { indexName } from '../attributes/attribute';
import { getAttributeType } from '../attributes/attribute-type';
import type { InstalledTable } from '../state/installed-table';
import type { DesiredState } from '../steps/desired-state';
import { tableParts } from '../steps/table-steps';

/** A column or an index, as the script compares it. */
interface ExpectedPart {
  readonly name: string;
  /** Such as `datetime(3) NOT NULL`, or `unique on sid`. */
  readonly definition: string;
}

const noTable: InstalledTable = {
  engine: '',
  comment: '',
  columns: [],
  indexes: new Map(),
  tomorrow: '',
};

/** Returns the columns of the table, those of the attributes too. */
export function expectedColumns(desired: DesiredState): ExpectedPart[] {
  return [
    ...expectedParts(desired, 'column '),
    ...desired.attributes.map(({ name, type }) => ({
      name,
      definition: `${getAttributeType(type).shown}, VIRTUAL GENERATED`,
    })),
  ];
}

/** Returns the indexes of the table, those of the attributes too. */
export function expectedIndexes(desired: DesiredState): ExpectedPart[] {
  const { names, attributes } = desired;
  return [
    ...expectedParts(desired, 'primary key').map((part) => ({ ...part, name: 'PRIMARY' })),
    ...expectedParts(desired, 'index '),
    ...attributes.map(({ name }) => ({
      name: indexName(name),
      definition: `on ${name}, ${names.sidColumn}`,
    })),
  ];
}

function expectedParts(desired: DesiredState, start: string): ExpectedPart[] {
  return tableParts(desired, noTable)
    .filter(({ subject }) => subject.startsWith(start))
    .map(({ subject, expected }) => ({
      name: subject.slice(start.length),
      definition: expected,
    }));
}
