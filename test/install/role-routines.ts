import type { Role } from '../../src/install';

/** Who may execute which routines, by their names without the prefix. */
export const routinesByRole: Record<Role, string[]> = {
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
  operator: ['all', 'clear', 'ids', 'length', 'version'],
};
