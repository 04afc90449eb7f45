import { quoteForShell } from '../util/identifiers';
import type { Naming } from './install-config';

/** Returns a command to paste into a shell, with the names that it must give. */
export function formatCommand(command: string, { table, prefix, sidColumn }: Naming): string {
  const names = { '--table': table, '--prefix': prefix, '--sid-column': sidColumn };
  return [
    `knex-mysql-session ${command}`,
    ...Object.entries(names).flatMap(([option, name]) =>
      name === undefined ? [] : [option, quoteForShell(name)],
    ),
  ].join(' ');
}

/** Returns the remedy for a setting of the server that needs a restart. */
export function restartWith(setting: string): string {
  return `# Into the section [mysqld] of the server's configuration: ${setting}. Then restart it.`;
}
