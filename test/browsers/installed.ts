import { findPrograms } from '../servers/programs';
import { checked, type Program } from './program';

/** Of the programs in these folders the first that runs. */
export async function installedChromium(folders: readonly string[]): Promise<Program> {
  const reasons: string[] = [];
  for (const path of await findPrograms(['chromium', 'chromium-browser', 'google-chrome'], folders)) {
    try {
      return await checked({ path, env: {} });
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    reasons.join('\n') || 'no chromium, chromium-browser or google-chrome in PATH or the usual folders',
  );
}
