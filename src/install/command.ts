import type { Naming } from './install-config';
import { resolveNames } from './sql/names';

const { table, prefix, sidColumn } = resolveNames();

/** Returns a command to paste into a shell, with the names of this installation. */
export function formatCommand(command: string, naming: Naming): string {
  const names = [
    ['--table', naming.table, table],
    ['--prefix', naming.prefix, prefix],
    ['--sid-column', naming.sidColumn, sidColumn],
  ] as const;
  return [
    `knex-mysql-session ${command}`,
    ...names.flatMap(([option, name, initial]) =>
      name === undefined || name === initial ? [] : [option, quoteForShell(name)],
    ),
  ].join(' ');
}

// A name has only letters, digits, _ and $.
function quoteForShell(name: string): string {
  return name.includes('$') ? `'${name}'` : name;
}
