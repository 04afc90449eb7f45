import type { Role } from '../../src/install';

/** Who may execute which routines, by their names without the prefix, where there is no attribute. */
export const routinesByRole = {
  application: [
    'destroy',
    'gc',
    'get',
    'get_many',
    'merge',
    'set',
    'touch',
    'touch_many',
    'update',
    'version',
  ],
  cleaner: ['gc', 'version'],
  operator: ['all', 'clear', 'destroy', 'get', 'ids', 'length', 'stats', 'version'],
} satisfies Partial<Record<Role, string[]>>;
