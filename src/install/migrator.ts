import { attributeOf } from '../attributes';
import { noSuchAttribute } from './attributes/attributes';
import { alone } from './lock';
import { createLogStatement } from './log-statements';
import { quoteIdentifier } from './names';
import { removalOf } from './removal';
import { type RoleGrant, stepsOf } from './steps';
import { refusePending, survey } from './survey';
import type { ConnectedTarget } from './target';
import { down, type Listener, up } from './umzug';

/** Installs what is still to do, or upgrades. Gives the names of the steps that it took. */
export async function migrate(target: ConnectedTarget, listener: Listener = {}): Promise<string[]> {
  const work = async () => {
    const { steps, applied, pending } = await survey(target);
    if (pending.length === 0) {
      return [];
    }
    await target.connection.query(createLogStatement(target));
    return up(target, steps, applied, pending, listener);
  };
  return alone(target, work, listener.onWait);
}

/** Records a role for an account and grants it. The account exists, and everything else is installed. */
export async function grantRole(target: ConnectedTarget, grant: RoleGrant): Promise<string[]> {
  return alone(target, async () => {
    const { target: settled, steps, applied, pending } = await survey(target);
    refusePending(target, pending);
    const attribute = attributeOf(grant.role);
    if (attribute !== undefined && !settled.attributes.some(({ name }) => name === attribute)) {
      throw noSuchAttribute(settled, attribute);
    }
    const granted = stepsOf(settled, [grant]).filter(({ kind }) => kind === 'grants');
    return up(target, [...steps, ...granted], applied, granted);
  });
}

/**
 * Takes the table back to the shape that migration `to` gave it; without `to`, by one migration. Down to 0,
 * everything goes: sessions, table, routines, their grants, the definer, the log. Gives the names of the
 * steps that it took back.
 */
export async function rollback(
  target: ConnectedTarget,
  to?: number,
  listener: Listener = {},
): Promise<string[]> {
  const work = async () => {
    const removal = await removalOf(target, to);
    const undone = await down(target, removal.steps, listener);
    if (removal.to === 0 && removal.steps.length > 0) {
      await target.connection.query(`DROP TABLE ${quoteIdentifier(target.names.migrationLog)}`);
    }
    return undone;
  };
  return alone(target, work, listener.onWait);
}
