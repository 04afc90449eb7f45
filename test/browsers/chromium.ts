import { debianChromium } from './debian';
import { givenChromium } from './given';
import { installedChromium } from './installed';
import type { Machine } from './machine';
import type { Program } from './program';

/** A way to Chromium. */
interface Way {
  /** What to do, for those who would have it this way. */
  advice: string;
  take(machine: Machine): Promise<Program>;
}

const ways: Way[] = [
  {
    advice: 'install chromium',
    take: ({ folders }) => installedChromium(folders),
  },
  {
    advice: 'on Debian, let apt-get reach its mirrors',
    take: ({ aptGet }) => debianChromium(aptGet),
  },
];

/**
 * The Chromium that CHROMIUM_PATH names, and there is no default for it; else an installed one, else one from
 * Debian's packages. Throws all the choices and why each was not taken.
 */
export async function findChromium(machine: Machine): Promise<Program> {
  if (machine.path) return givenChromium(machine.path);
  const choices = ["- set CHROMIUM_PATH to Chromium's program: it is not set"];
  for (const { advice, take } of ways) {
    try {
      return await take(machine);
    } catch (error) {
      choices.push(`- ${advice}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(`There is no Chromium here. Any of these would do:\n${choices.join('\n')}`);
}
