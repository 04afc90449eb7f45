import { compare, note, type Observation, type Patient } from './check';

/** The migration log: whether each step was applied with the text that this package has. */
export function examineLog({ target, installed, steps }: Patient): Observation[] {
  const { log } = installed;
  if (log === undefined) {
    return [
      compare(`table ${target.names.migrationLog}`, 'a table', undefined, 'knex-mysql-session migrate'),
    ];
  }
  const today = 'applied with the text of today';
  const known = steps.map(({ name, kind, checksum }) => {
    const entry = log.get(name);
    const found = entry && (entry.checksum === checksum ? today : 'applied with another text');
    const foreign = kind === 'migration' && entry !== undefined;
    return compare(
      name,
      today,
      found,
      foreign ? 'npm install knex-mysql-session' : 'knex-mysql-session migrate',
    );
  });
  const others = [...log.keys()].filter(
    (name) => !name.startsWith('grants/') && !steps.some((step) => step.name === name),
  );
  return [
    ...known,
    ...others.map((name) =>
      note(
        name,
        'a step that this version of the package knows',
        'one of another version',
        'npm install knex-mysql-session',
      ),
    ),
  ];
}
