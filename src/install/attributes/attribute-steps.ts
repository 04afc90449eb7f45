import { attributeOf } from '../../attributes';
import { formatAccount, quoteAccount } from '../account';
import type { Installed } from '../inspect';
import { forgetStatement, logStatement, unfinished } from '../log-statements';
import { acts, rolesOf } from '../roles';
import { sha256 } from '../sha256';
import { commentOf, readSqlFile, render, type SqlFile, statementsOf } from '../sql-files';
import type { Step } from '../steps';
import type { Target } from '../target';
import { type Attribute, indexName, parseAttribute, valueIn } from './attribute';
import { type AttributeType, attributeTypeOf } from './attribute-type';

/** An attribute that is recorded or asked for, and what of it is there. */
export interface PlannedAttribute extends Attribute {
  readonly hasColumn: boolean;
  readonly hasIndex: boolean;
  /** The checksum of the text that it was made with; empty where that was not finished. */
  readonly checksum: string | undefined;
}

const stepFolder = 'attributes/';

/** Type and path are part of the name, so that the log keeps them. */
function stepNameOf({ name, type, path }: Attribute): string {
  return `${stepFolder}${name}/${type}/${path}`;
}

/** The attributes in the log, and what of them is there; with those that are to be added. */
export function plannedAttributes(
  installed: Pick<Installed, 'log' | 'columns' | 'indexes'>,
  further: readonly Attribute[] = [],
): PlannedAttribute[] {
  const { log, columns, indexes } = installed;
  const recorded = recordedAttributes(log);
  const added = further.filter(({ name }) => !recorded.some((known) => known.name === name));
  return [...recorded, ...added].map((attribute) => ({
    ...attribute,
    hasColumn: columns.some(({ name }) => name === attribute.name),
    hasIndex: indexes.includes(indexName(attribute.name)),
    checksum: log?.get(stepNameOf(attribute))?.checksum,
  }));
}

/** The attributes in the log, those that were not finished too. */
export function recordedAttributes(log: Installed['log']): Attribute[] {
  return [...(log?.keys() ?? [])].flatMap((name) => attributeOfStepName(name) ?? []);
}

function attributeOfStepName(stepName: string): Attribute | undefined {
  const [, name, type, path] = /^attributes\/(\w+)\/([^/]+)\/(.+)$/s.exec(stepName) ?? [];
  return name !== undefined && type !== undefined && path !== undefined ? { name, type, path } : undefined;
}

/** The step that makes the attribute's column and index, of which it leaves alone what is there. */
export function attributeStep(target: Target, planned: PlannedAttribute): Step {
  const attribute = parseAttribute(planned, target.names);
  const { text } = readSqlFile('sql/templates/attribute.sql');
  const type = attributeTypeOf(attribute.type);
  const all = statementsOf(
    render(fill(text, attribute, type, valueIn(attribute)), { ...target, attribute: attribute.name }),
  );
  const checksum = sha256(all.join(';'));
  const name = stepNameOf(attribute);
  const isOutdated = planned.checksum !== undefined && ![unfinished, checksum].includes(planned.checksum);
  // An index whose column was dropped is left with its other columns.
  const isAfresh = isOutdated || !planned.hasColumn;
  const missing = isAfresh
    ? all
    : all.filter(
        (statement) =>
          !statement.includes(' ADD COLUMN ') && !(planned.hasIndex && statement.includes(' ADD INDEX ')),
      );
  return {
    kind: 'attribute',
    name,
    comment: commentOf(text),
    checksum,
    up: [
      ...(isAfresh ? dropStatements(target, planned) : []),
      // Recorded ahead of all else, so that whoever finds it half made knows whose it is, and goes on.
      logStatement(target, { name, checksum: unfinished }),
      ...missing,
    ],
    // The columns go with the table.
    down: [],
  };
}

/** The routines of the attributes, with their default names, as files of `sql/routines` would have them. */
export function attributeRoutines(target: Target): Array<SqlFile & { attribute: string }> {
  return target.attributes.flatMap((planned) => {
    const attribute = parseAttribute(planned, target.names);
    const type = attributeTypeOf(attribute.type);
    return acts.map((act) => ({
      name: `sess_${act}_${attribute.name}`,
      text: fill(readSqlFile(`sql/templates/sess_${act}.sql`).text, attribute, type, type.ofText('v_text')),
      attribute: attribute.name,
    }));
  });
}

/** The step that takes an attribute away, with its routines and all that was recorded of it. */
export function attributeRemoval(target: Target, installed: Installed, attribute: PlannedAttribute): Step {
  const routines = rolesOf(attribute.name).map((role) => `sess_${role}`);
  const grants = installed.grants.filter(({ role }) => attributeOf(role) === attribute.name);
  const others = installed.grants
    .filter((grant) => !grants.includes(grant))
    .map(({ account }) => formatAccount(account));
  const left = grants
    .map(({ account }) => account)
    .filter((account) => !others.includes(formatAccount(account)));
  const made = [stepNameOf(attribute), ...routines.map((routine) => `routines/${routine}`)];
  const granted = rolesOf(attribute.name).map((role) => `grants/${role}/`);
  const recorded = [...(installed.log?.keys() ?? [])].filter(
    (name) => made.includes(name) || granted.some((start) => name.startsWith(start)),
  );
  return {
    kind: 'removal',
    name: `${stepFolder}${attribute.name}/removed`,
    comment: '',
    checksum: '',
    up: [
      ...routines.map((routine) => `DROP PROCEDURE IF EXISTS ${render(`\`${routine}\``, target)}`),
      ...dropStatements(target, attribute),
      // What an account had besides, for the attribute's sake alone.
      ...[...new Set(left.map(quoteAccount))].map(
        (account) => `REVOKE EXECUTE ON PROCEDURE ${render('`sess_version`', target)} FROM ${account}`,
      ),
      ...recorded.map((name) => forgetStatement(target, name)),
    ],
    down: [],
  };
}

function dropStatements(target: Target, { name, hasColumn, hasIndex }: PlannedAttribute): string[] {
  if (!hasColumn && !hasIndex) {
    return [];
  }
  const { text } = readSqlFile('sql/templates/attribute.down.sql');
  return statementsOf(render(text, { ...target, attribute: name })).filter(
    (statement) =>
      (hasIndex || !statement.includes(' DROP INDEX ')) &&
      (hasColumn || !statement.includes(' DROP COLUMN ')),
  );
}

function fill(text: string, { path }: Attribute, { definition }: AttributeType, value: string): string {
  const values = new Map([
    ['{type}', definition],
    ['{value}', value],
    ['{path}', path],
  ]);
  return text.replace(/\{(?:type|value|path)\}/g, (placeholder) => values.get(placeholder) ?? placeholder);
}
