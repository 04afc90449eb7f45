import { InstallationError } from '../../errors';
import type { Installed } from '../inspect';
import { alone } from '../lock';
import { quoteIdentifier } from '../names';
import type { Step } from '../steps';
import { refusePending, type Survey, survey } from '../survey';
import type { ConnectedTarget } from '../target';
import { type Listener, up } from '../umzug';
import { type Attribute, formatAttribute, isSame } from './attribute';
import { attributeRemoval } from './attribute-steps';

/** Makes a new attribute, or finishes one. Gives the names of the steps that it took. */
export async function addAttribute(
  target: ConnectedTarget,
  attribute: Attribute,
  listener: Listener = {},
): Promise<string[]> {
  const work = async () => {
    const { steps, applied, pending } = await surveyAttribute(target, attribute);
    return up(target, steps, applied, pending, listener);
  };
  return alone(target, work, listener.onWait);
}

/** Looks at what adding an attribute would do, and refuses what can't be done. Changes nothing. */
export async function surveyAttribute(target: ConnectedTarget, attribute: Attribute): Promise<Survey> {
  const { target: settled, installed, pending } = await survey(target);
  const known = settled.attributes.find(({ name }) => name === attribute.name);
  if (known && !isSame(known, attribute)) {
    throw new InstallationError(
      `There is an attribute ${formatAttribute(known)}. To make it another one, drop it first: ` +
        `knex-mysql-session attribute drop ${known.name}`,
    );
  }
  if (!known) {
    refusePending(target, pending);
    refuseForeignColumn(target, installed, attribute);
  }
  return survey(target, [attribute]);
}

/** Takes an attribute away. Gives the names of the steps that it took. */
export async function dropAttribute(
  target: ConnectedTarget,
  name: string,
  listener: Listener = {},
): Promise<string[]> {
  const work = async () => {
    const { steps, applied, removal } = await surveyRemoval(target, name);
    return up(target, [...steps, removal], applied, [removal], listener);
  };
  return alone(target, work, listener.onWait);
}

/** Looks at what dropping an attribute would do. Changes nothing. */
export async function surveyRemoval(
  target: ConnectedTarget,
  name: string,
): Promise<Survey & { readonly removal: Step }> {
  const found = await survey(target);
  const attribute = found.target.attributes.find((known) => known.name === name);
  if (attribute === undefined) {
    throw noSuchAttribute(found.target, name);
  }
  return { ...found, removal: attributeRemoval(found.target, found.installed, attribute) };
}

function refuseForeignColumn({ names }: ConnectedTarget, { columns }: Installed, { name }: Attribute): void {
  if (columns.some((column) => column.name.toLowerCase() === name)) {
    throw new InstallationError(
      `The table ${quoteIdentifier(names.table)} has a column ${quoteIdentifier(name)} that is no attribute's: ` +
        'choose another name',
    );
  }
}

/** The error where an attribute is asked for that is not there. */
export function noSuchAttribute({ attributes }: ConnectedTarget, name: string): InstallationError {
  const others = attributes.length > 0 ? attributes.map((known) => known.name).join(', ') : 'none yet';
  return new InstallationError(
    `There is no attribute ${name} (there are: ${others}). This makes one: ` +
      `knex-mysql-session attribute add ${name} --path '$.…' --type 'VARCHAR(64)'`,
  );
}
