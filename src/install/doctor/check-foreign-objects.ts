import {
  type ForeignObject,
  readConstraints,
  readForeignRoutines,
  readTriggers,
  readViews,
} from '../state/foreign-objects';
import { type CheckResult, compare, note } from './check-result';
import type { DoctorContext } from './doctor-context';

/** Checks that no trigger or constraint of others can keep a routine from working. */
export async function checkObstacles({ config }: DoctorContext): Promise<CheckResult[]> {
  const triggers = await readTriggers(config);
  const obstacles = [...triggers, ...(await readConstraints(config))];
  return report(obstacles, 'triggers and constraints of others', 'none');
}

/** Checks that no view or routine of others shows sessions to other accounts. */
export async function checkDetours({ config }: DoctorContext): Promise<CheckResult[]> {
  const detours = [...(await readViews(config)), ...(await readForeignRoutines(config))];
  return report(detours, 'views and routines of others', 'none that shows sessions');
}

function report(
  objects: readonly ForeignObject[],
  subject: string,
  expected: string,
): CheckResult[] {
  return objects.length === 0
    ? [compare(subject, expected, expected)]
    : objects.map(({ kind, name, found, remedy, alternative }) =>
        // It drops its triggers at its end, unless it was killed.
        kind === 'trigger' && name.startsWith('pt_osc_')
          ? note(
              `${kind} ${name}`,
              expected,
              `${found}, of pt-online-schema-change`,
              '# Only if pt-online-schema-change does not run any more:',
              ...remedy,
            )
          : {
              ...compare(`${kind} ${name}`, expected, found, ...remedy),
              ...(alternative ? { alternative } : {}),
            },
      );
}
