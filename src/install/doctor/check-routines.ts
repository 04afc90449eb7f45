import { quoteIdentifier } from '../../util/identifiers';
import type { ConnectedConfig } from '../install-config';
import { readPrivileges, showRoutineGrant } from '../privileges/privilege';
import { createScope, hasDatabasePrivilege } from '../privileges/scope';
import { isSameName, markerOf } from '../sql/names';
import type { InstalledRoutine } from '../state/installed-routine';
import { compareRoutine } from '../steps/routine-difference';
import { routineName } from '../steps/routine-steps';
import { type Step, unrecorded } from '../steps/step';
import { type CheckResult, compare, unknownResult } from './check-result';
import { type DoctorContext, migrateCommand } from './doctor-context';

const matches = 'matches the package';

/** Checks each routine: its definition, and the session variables that it was created with. */
export async function checkRoutines(context: DoctorContext): Promise<CheckResult[]> {
  const { config, installed, steps, differences } = context;
  const expected = steps.filter(({ kind }) => kind === 'routine');
  const find = (step: Step) =>
    installed.routines.find(({ name }) => isSameName(name, routineName(config, step)));
  const isIncomplete = expected.some((step) => find(step) === undefined);
  const mayBeHidden = isIncomplete && !(await canSeeRoutines(config));
  return expected.map((step) => {
    const subject = `routine ${routineName(config, step)}`;
    const routine = find(step);
    if (routine === undefined && mayBeHidden) {
      return unknownResult(subject, matches, 'not visible to this account');
    }
    if (routine && !routine.isOwn) {
      return compare(
        subject,
        matches,
        "not this installation's",
        ...reclaim(context, step, routine),
      );
    }
    if (routine && routine.body === undefined) {
      const found = 'its definition is not visible to this account';
      return unknownResult(subject, matches, found, showRoutineGrant(installed.installer));
    }
    // The check of the log reports what is not recorded.
    const different = (differences.get(step.label) ?? []).filter((text) => text !== unrecorded);
    const found = different.length === 0 ? matches : different.join(', ');
    return compare(subject, matches, found, migrateCommand(context));
  });
}

// A routine with our body lost only its marker, and its grants stay. Else the name is in use.
function reclaim(context: DoctorContext, step: Step, routine: InstalledRoutine): string[] {
  const name = quoteIdentifier(routine.name);
  const isSame = !compareRoutine(context.config, step, routine).includes('different body');
  const statement = isSame
    ? `ALTER PROCEDURE ${name} COMMENT '${markerOf(context.config.names)}';`
    : `DROP PROCEDURE ${name};`;
  return [statement, migrateCommand(context)];
}

// information_schema hides routines from an account that has none of these privileges.
async function canSeeRoutines(config: ConnectedConfig): Promise<boolean> {
  const names = ['EXECUTE', 'CREATE ROUTINE', 'ALTER ROUTINE', 'SHOW_ROUTINE'];
  const privileges = await readPrivileges(config.connection);
  return hasDatabasePrivilege(privileges, names, createScope(config, []));
}
