import { programFolders } from '../servers/programs';

/** What this machine has that a browser can come from. */
export interface Machine {
  /** The program that CHROMIUM_PATH names. */
  path: string | undefined;
  /** Where an installed browser is looked for. */
  folders: readonly string[];
  aptGet: string;
}

export function thisMachine(env: NodeJS.ProcessEnv = process.env): Machine {
  return { path: env.CHROMIUM_PATH || undefined, folders: programFolders(env), aptGet: 'apt-get' };
}
