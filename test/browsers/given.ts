import { checked, type Program } from './program';

/** The program that CHROMIUM_PATH names. */
export async function givenChromium(path: string): Promise<Program> {
  return checked({ path, env: {} }).catch((error: Error) => {
    throw new Error(`CHROMIUM_PATH is set, but that Chromium can't be used: ${error.message}`);
  });
}
