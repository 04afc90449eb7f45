import type { Machine } from '../machine';

/** A machine that a browser can come from in no way. */
export const bare: Machine = { path: undefined, folders: [], aptGet: 'no-apt-get-here' };
