import { attributeActions, attributeOf, attributeRoles, withPrefix } from '../../contract';
import { sha256 } from '../../util/sha256';
import { type Attribute, indexName, parseAttribute, valueIn } from '../attributes/attribute';
import { getAttributeType } from '../attributes/attribute-type';
import type { InstallConfig } from '../install-config';
import { quoteAccount } from '../sql/account';
import { insertLogEntry, insertRemoval, unfinished } from '../sql/log-statements';
import { quoteIdentifier } from '../sql/names';
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
  const missing = isNew
    ? all
    : all.filter(
        (statement) =>
          !statement.includes(' ADD COLUMN ') &&
          !(planned.hasIndex && statement.includes(' ADD INDEX ')),
      );
  return createStep(facts, {
    comment,
    checksum,
    up: [
      ...(isNew ? dropStatements(config, planned) : []),
      // Record it first: a later run then knows that a lone column is this attribute's.
      insertLogEntry(config, { ...facts, checksum: unfinished }),
      ...missing,
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
  const others = grants
    .filter((grant) => !isOwn(grant))
    .map(({ account }) => quoteAccount(account));
  const left = grants
    .filter(isOwn)
    .map(({ account }) => quoteAccount(account))
    .filter((account) => !others.includes(account));
  const recorded = [
    attributeFacts(attribute),
    ...routines.map(routineFacts),
    ...recordedGrants(log).filter(isOwn).map(grantFacts),
  ];
  const objectName = (routine: string) => quoteIdentifier(withPrefix(config.names.prefix, routine));
  return createRemoval(attributeFacts(attribute), [
    ...routines.map((routine) => `DROP PROCEDURE IF EXISTS ${objectName(routine)}`),
    ...dropStatements(config, attribute),
    // The roles of an attribute include sess_version. An account with another role keeps it.
    ...[...new Set(left)].map(
      (account) => `REVOKE EXECUTE ON PROCEDURE ${objectName('sess_version')} FROM ${account}`,
    ),
    ...recorded.map((facts) => insertRemoval(config, facts)),
    ...record,
  ]);
}

function dropStatements(
  config: InstallConfig,
  { name, hasColumn, hasIndex }: PlannedAttribute,
): string[] {
  if (!hasColumn && !hasIndex) {
    return [];
  }
  const { sql } = render(readSqlFile('attributes/attribute.down'), config, objectValues(name));
  return statementsOf(sql).filter(
    (statement) =>
      (hasIndex || !statement.includes(' DROP INDEX ')) &&
      (hasColumn || !statement.includes(' DROP COLUMN ')),
  );
}

function objectValues(attribute: Attribute['name']): TemplateValues {
  return {
    attribute: quoteIdentifier(attribute),
    attribute_index: quoteIdentifier(indexName(attribute)),
  };
}
