import type { ExecutionContext } from 'ava';
import { type Browser, chromium } from 'playwright-core';
import type { Scope } from '../scope';
import { findPrograms, programFolders } from '../servers/installed';
import { run } from '../servers/system';
import { type BrowserProgram, unpackChromium } from './debian';

/** What this machine has to get a browser from. */
export interface BrowserMachine {
  /** The program that CHROMIUM_PATH names. */
  readonly path: string | undefined;
  /** The folders to search for installed browsers. */
  readonly folders: readonly string[];
  /** The command of apt-get. */
  readonly aptGet: string;
}

export function thisMachine(env: NodeJS.ProcessEnv = process.env): BrowserMachine {
  return { path: env.CHROMIUM_PATH || undefined, folders: programFolders(env), aptGet: 'apt-get' };
}

/**
 * Fetches Chromium if this machine has none. A file that launches a browser calls it in
 * `test.before`, because a download can take longer than AVA's timeout.
 */
export async function fetchBrowser(t: Pick<ExecutionContext, 'timeout'>): Promise<void> {
  t.timeout(600_000, 'Chromium could not be fetched in 10 minutes.');
  await findChromium();
}

/** Launches Chromium without a window. Closes it at the end of the scope. */
export async function launchBrowser(
  scope: Scope,
  machine: BrowserMachine = thisMachine(),
): Promise<Browser> {
  const { path, env } = await findChromium(machine);
  const browser = await chromium.launch({
    executablePath: path,
    env: { ...process.env, ...env },
    // Chromium refuses to run as root in its sandbox.
    chromiumSandbox: process.getuid?.() !== 0,
    // Servers have no graphics card.
    args: ['--disable-gpu'],
  });
  scope.teardown(() => browser.close());
  return browser;
}

/**
 * Finds Chromium: the program that CHROMIUM_PATH names, or an installed one, or one from Debian's
 * packages. Without any, the error lists these choices with reasons.
 */
export async function findChromium(
  machine: BrowserMachine = thisMachine(),
): Promise<BrowserProgram> {
  const { path, folders, aptGet } = machine;
  if (path) {
    return checkProgram({ path, env: {} }).catch((error: Error) => {
      throw new Error(`CHROMIUM_PATH is set, but its Chromium does not work: ${error.message}`);
    });
  }
  const sources: readonly (readonly [advice: string, find: () => Promise<BrowserProgram>])[] = [
    ['install chromium', () => findInstalled(folders)],
    ['on Debian, let apt-get reach its mirrors', () => unpackChromium(aptGet)],
  ];
  const choices = ['- set CHROMIUM_PATH to the path of Chromium: it is not set'];
  for (const [advice, find] of sources) {
    try {
      return await find();
    } catch (error) {
      choices.push(`- ${advice}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(`Found no Chromium. Do one of these:\n${choices.join('\n')}`);
}

/** Finds the first installed browser that runs. */
async function findInstalled(folders: readonly string[]): Promise<BrowserProgram> {
  // The first one has no window, and takes a third of the CPU time.
  const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
  const reasons: string[] = [];
  for (const path of await findPrograms(names, folders)) {
    try {
      return await checkProgram({ path, env: {} });
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(reasons.join('\n') || `no ${names.join(', ')} in PATH or the usual folders`);
}

/** Runs a program: on some systems, `chromium` only prints how to install the browser. */
async function checkProgram(program: BrowserProgram): Promise<BrowserProgram> {
  const version = await run([program.path, '--version'], {
    env: { ...process.env, ...program.env },
  });
  if (!/^(Chromium|Google Chrome)\b/.test(version)) {
    throw new Error(`${program.path} is not Chromium: ${version.trim()}`);
  }
  return program;
}
