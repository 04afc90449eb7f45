import { attributeActions, attributeOf, attributeRoles, withPrefix } from '../../contract';
import { quoteIdentifier } from '../../util/identifiers';
import { sha256 } from '../../util/sha256';
import { type Attribute, indexName, parseAttribute, valueIn } from '../attributes/attribute';
import { getAttributeType } from '../attributes/attribute-type';
import type { InstallConfig } from '../install-config';
import { isSameAccount } from '../sql/account';
import { hasColumn, hasIndex, runIf } from '../sql/conditional';
import { insertLogEntry, insertRemoval, unfinished } from '../sql/log-statements';
import { readSqlFile, render } from '../sql/sql-files';
import { statementsOf } from '../sql/statements';
import type { SqlTemplate, TemplateValues } from '../sql/template';
import type { Installation } from '../state/installation';
import {
  attributeFacts,
  grantFacts,
  type RoleGrant,
  recordedGrants,
  routineFacts,
} from '../state/migration-log';
import type { DesiredState, PlannedAttribute } from './desired-state';
import { revokeStatements } from './grants';
import { createRemoval, createStep, type Step } from './step';

/** A routine to install. */
export interface RoutineSource {
  /** The default name, such as `sess_get`. */
  readonly name: string;
  readonly file: SqlTemplate;
  readonly values: TemplateValues;
}

/** Returns the step that creates the column and the index of an attribute, if they are missing. */
export function addAttributeStep(config: InstallConfig, planned: PlannedAttribute): Step {
  const attribute = parseAttribute(planned, config.names);
  const { comment, sql } = render(readSqlFile('attributes/attribute.up'), config, {
    ...objectValues(attribute.name),
    type: getAttributeType(attribute.type).definition,
    value: valueIn(attribute),
  });
  const all = statementsOf(sql);
  const checksum = sha256(all.join(';'));
  const facts = attributeFacts(attribute);
  const isOutdated =
    planned.isDifferent ||
    (planned.checksum !== undefined && ![unfinished, checksum].includes(planned.checksum));
  // If the column is gone, its index may still exist, without the column.
  const isNew = isOutdated || !planned.hasColumn;
  return createStep(facts, {
    comment,
    checksum,
    up: [
      ...(isNew ? dropStatements(config, planned) : []),
      // Record it first: a later run then knows that a lone column is this attribute's.
      insertLogEntry(config, { ...facts, checksum: unfinished }),
      ...all.flatMap((statement) => changeOnce(config, attribute, statement)),
    ],
    // The column goes with the table.
    down: [],
  });
}

/** Returns the routines of the attributes. */
export function attributeRoutines({ attributes, names }: DesiredState): RoutineSource[] {
  return attributes.flatMap((planned) => {
    const { name, path, type } = parseAttribute(planned, names);
    const { definition, ofText } = getAttributeType(type);
    const values = { ...objectValues(name), path, type: definition, value: ofText('v_text') };
    return attributeActions.map((action) => ({
      name: `sess_${action}_${name}`,
      file: readSqlFile(`attributes/sess_${action}_attribute`),
      values,
    }));
  });
}

/** Returns the step that removes an attribute, its routines, its grants and its rows of the log. */
export function dropAttributeStep(
  config: DesiredState,
  { grants, log }: Installation,
  attribute: PlannedAttribute,
  record: readonly string[],
): Step {
  const routines = attributeRoles(attribute.name).map((role) => `sess_${role}`);
  const isOwn = ({ role }: RoleGrant) => attributeOf(role) === attribute.name;
  const others = grants.filter((grant) => !isOwn(grant));
  const left = grants
    .filter(isOwn)
    .map(({ account }) => account)
    .filter((account) => !others.some((other) => isSameAccount(other.account, account)));
  const recorded = [
    attributeFacts(attribute),
    ...routines.map(routineFacts),
    ...recordedGrants(log).filter(isOwn).map(grantFacts),
  ];
  const nameOf = (routine: string) => withPrefix(config.names.prefix, routine);
  return createRemoval(attributeFacts(attribute), [
    ...routines.map((routine) => `DROP PROCEDURE IF EXISTS ${quoteIdentifier(nameOf(routine))}`),
    ...dropStatements(config, attribute),
    // The roles of an attribute include sess_version. An account with another role keeps it.
    ...left.flatMap((account) => revokeStatements('EXECUTE', nameOf('sess_version'), account)),
    ...recorded.map((facts) => insertRemoval(config, facts)),
    ...record,
  ]);
}

function dropStatements(config: InstallConfig, planned: PlannedAttribute): string[] {
  if (!planned.hasColumn && !planned.hasIndex) {
    return [];
  }
  const values = objectValues(planned.name);
  const { sql } = render(readSqlFile('attributes/attribute.down'), config, values);
  return statementsOf(sql).flatMap((statement) => changeOnce(config, planned, statement));
}

/** Returns the statements that make a change unless it is made. A script can then run again. */
function changeOnce(
  config: InstallConfig,
  { name }: Pick<Attribute, 'name'>,
  statement: string,
): string[] {
  const column = hasColumn(config, name);
  const index = hasIndex(config, indexName(name));
  const conditions: ReadonlyArray<[change: string, condition: string]> = [
    [' ADD COLUMN ', `NOT ${column}`],
    [' ADD INDEX ', `NOT ${index}`],
    [' DROP INDEX ', index],
    [' DROP COLUMN ', column],
  ];
  const [, condition] = conditions.find(([change]) => statement.includes(change)) ?? [];
  return condition === undefined ? [statement] : runIf(condition, statement);
}

function objectValues(attribute: Attribute['name']): TemplateValues {
  return {
    attribute: quoteIdentifier(attribute),
    attribute_index: quoteIdentifier(indexName(attribute)),
  };
}
