import {
  attributeActions,
  attributeRoles,
  attributeRoutines,
  fixedRoles,
  type Role,
  routineNames,
  routines,
  withPrefix,
} from '../../contract';
import { sha256 } from '../../util/sha256';
import { comparableBody, forServer } from '../sql/statements';
import type { DesiredState } from '../steps/desired-state';
import { routinesOfRole } from '../steps/roles';
import { parseDefinition } from '../steps/routine-difference';
import { routineName } from '../steps/routine-steps';
import type { Step } from '../steps/step';

/** A routine, as the script compares it. */
interface ExpectedRoutine {
  /** The name that it has in the database. */
  readonly routine: string;
  /** The hashes of its body, in the order of `serverKinds`. */
  readonly body: readonly string[];
  readonly comment: string;
  readonly parameters: string;
  readonly is_deterministic: 'YES' | 'NO';
  readonly access: string;
}

/** A routine that a role may execute. */
interface RoleRoutine {
  readonly role: Role;
  readonly routine: string;
  /** 1 if an account may lack it. */
  readonly optional: 0 | 1;
}

/** What a body is like on MySQL, on MariaDB, and on a MariaDB that was built without Galera. */
const serverKinds = [
  { readsMariaDbComments: false, waitsForCluster: false },
  { readsMariaDbComments: true, waitsForCluster: true },
  { readsMariaDbComments: true, waitsForCluster: false },
];

/** Returns the hashes of a body on each kind of server. */
export function bodyHashes(body: string): string[] {
  return serverKinds.map((kind) => sha256(comparableBody(forServer(body, kind), kind)));
}

/** Returns what the routines of these steps should be. */
export function expectedRoutines(desired: DesiredState, steps: readonly Step[]): ExpectedRoutine[] {
  const signatures = signaturesOf(desired);
  return steps
    .filter(({ kind }) => kind === 'routine')
    .map((step) => {
      const { body, comment, isDeterministic, access } = parseDefinition(step);
      return {
        routine: routineName(desired, step),
        body: bodyHashes(body),
        comment: sha256(comment),
        parameters: /^\((.*)\)(?=[^)]*$)/.exec(signatures.get(step.name) ?? '')?.[1] ?? '',
        is_deterministic: isDeterministic ? 'YES' : 'NO',
        access,
      };
    });
}

/** Returns what each role may execute. */
export function expectedRoles({ names, attributes }: DesiredState): RoleRoutine[] {
  const known = attributes.map(({ name }) => name);
  return [...fixedRoles, ...known.flatMap(attributeRoles)].flatMap((role) =>
    routinesOfRole(role, known).map((name) => ({
      role,
      routine: withPrefix(names.prefix, name),
      // An application may leave the cleanup to others.
      optional: name === 'sess_gc' && role !== 'cleaner' ? 1 : 0,
    })),
  );
}

function signaturesOf({ attributes }: DesiredState): Map<string, string> {
  return new Map([
    ...routineNames.map((name): [string, string] => [name, routines[name].signature]),
    ...attributes.flatMap(({ name }) =>
      attributeActions.map((action): [string, string] => [
        `sess_${action}_${name}`,
        attributeRoutines[action].signature,
      ]),
    ),
  ]);
}
