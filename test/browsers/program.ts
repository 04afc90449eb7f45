import { run } from '../servers/command';

/** Chromium as it is started. */
export interface Program {
  path: string;
  /** What it needs in its environment beyond ours. */
  env: Readonly<Record<string, string>>;
}

/**
 * Makes sure of it by running it: on some systems a program of this name only tells how to get the browser, or is
 * a link to a program that starts many.
 */
export async function checked(program: Program): Promise<Program> {
  const version = await run([program.path, '--version'], { env: { ...process.env, ...program.env } });
  if (!/^(Chromium|Google Chrome)\b/.test(version)) {
    throw new Error(`${program.path} is no Chromium: ${version.trim()}`);
  }
  return program;
}
