import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { CallEvent } from '../../../src';
import type { Scope } from '../../support/scope';

/** Counts this process's calls of each routine, until the end of the scope. */
export function countCalls(scope: Scope): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const count = (message: unknown) => {
    const { routine } = message as CallEvent;
    counts.set(routine, (counts.get(routine) ?? 0) + 1);
  };
  subscribe('knex-mysql-session:call', count);
  scope.teardown(() => unsubscribe('knex-mysql-session:call', count));
  return counts;
}

/** Returns a line for the log, such as `12 sess_get, 3 sess_set`. */
export function formatCalls(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([routine, count]) => `${count} ${routine}`).join(', ');
}
