import { formatAccount, quoteAccount } from '../account';
import { accountExists } from '../inspect';
import { quoteIdentifier } from '../names';
import { definerOf, definerStepName } from '../steps';
import { compare, note, type Observation, type Patient, routinesOf } from './check';
import {
  execution,
  formatRight,
  grantStatement,
  isSame,
  type Right,
  revokeStatement,
  rightsOf,
} from './rights';

const migrate = 'knex-mysql-session migrate';

/** The account that the routines run as: that it is there, that nobody can be it, and what it may do. */
export function examineDefiner(patient: Patient): Promise<Observation[]> {
  return patient.installed.currentDefiner ? examineCurrent(patient) : examineOwn(patient);
}

async function examineOwn(patient: Patient): Promise<Observation[]> {
  const { target, steps, installed } = patient;
  const { connection, database, names } = target;
  const account = definerOf(target);
  const name = formatAccount(account);
  if (!installed.definerExists) {
    return [compare(`account ${name}`, 'an account', undefined, migrate)];
  }
  const [row] = await connection.query(`SHOW CREATE USER ${quoteAccount(account)}`);
  const locked = / ACCOUNT LOCK\b/.test(String(row?.[0]));
  const schema = quoteIdentifier(database);
  const needed: Right[] = [
    ...['SELECT', 'INSERT', 'UPDATE', 'DELETE'].map((privilege) => ({
      privilege,
      on: `${schema}.${quoteIdentifier(names.table)}`,
    })),
    ...routinesOf(patient).map((routine) => execution(database, routine)),
  ];
  const rights = await rightsOf(connection, account);
  // Not every server lets a routine run on what its definer has through a role.
  const missing = needed.filter(
    (right) => !rights.some((held) => isSame(held, right) && held.role === undefined),
  );
  const beyond = rights.filter((held) => !needed.some((right) => isSame(held, right)));
  const whole = 'exactly what the routines need';
  const wrong = [
    ...missing.map((right) =>
      compare(`rights of ${name}`, formatRight(right), undefined, grantStatement(right, account)),
    ),
    ...beyond
      .filter((right) => !isForEvent(right, steps))
      .map((right) =>
        compare(`rights of ${name}`, whole, formatRight(right), revokeStatement(right, account)),
      ),
  ];
  return [
    compare(
      `account ${name}`,
      'locked',
      locked ? 'locked' : 'not locked',
      `ALTER USER ${quoteAccount(account)} ACCOUNT LOCK;`,
    ),
    ...(wrong.length > 0 ? wrong : [compare(`rights of ${name}`, whole, whole)]),
  ];
}

// The server runs no event of an account without this right.
function isForEvent({ privilege, on }: Right, steps: Patient['steps']): boolean {
  return (
    privilege === 'EVENT' && on.endsWith('.*') && on !== '*.*' && steps.some(({ kind }) => kind === 'event')
  );
}

async function examineCurrent({ target, installed }: Patient): Promise<Observation[]> {
  const { connection } = target;
  const observations: Observation[] = [];
  for (const account of installed.definers) {
    const subject = `account ${formatAccount(account)}`;
    observations.push(
      (await accountExists(connection, account))
        ? note(
            subject,
            'an account of their own, locked, with no right but those that the routines need',
            'the routines run as this one, which installed them (--definer current): a fault in a routine ' +
              'would have all of its rights, they write under read_only if it may, and they stop when it ' +
              'is dropped or loses its right to the table',
          )
        : compare(subject, 'an account, for routines run as it', undefined, migrate),
    );
  }
  const own = definerOf(target);
  if (installed.log?.has(definerStepName) && (await accountExists(connection, own))) {
    observations.push(
      note(
        `account ${formatAccount(own)}`,
        'no such account, for no routine runs as it',
        'an account left from an installation without --definer current',
        `DROP USER ${quoteAccount(own)};`,
      ),
    );
  }
  return observations;
}
