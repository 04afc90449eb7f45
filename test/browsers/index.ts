import type { ExecutionContext } from 'ava';
import { type Browser, chromium } from 'playwright-core';
import type { Scope } from '../scope';
import { findChromium } from './chromium';
import { type Machine, thisMachine } from './machine';

/**
 * Called in `test.before` by every file that launches a browser: the first time on a machine it may have to be
 * fetched, which over a slow line takes longer than AVA lets a test be silent.
 */
export async function fetchBrowser(t: Pick<ExecutionContext, 'timeout'>): Promise<void> {
  t.timeout(600_000, 'No Chromium could be fetched in ten minutes.');
  await findChromium(thisMachine());
}

/** Launches Chromium without a window, and closes it when the test is over. */
export async function launchBrowser(t: Scope, machine: Machine = thisMachine()): Promise<Browser> {
  const { path, env } = await findChromium(machine);
  const browser = await chromium.launch({
    executablePath: path,
    env: { ...process.env, ...env },
    // Chromium refuses to run as root in its sandbox.
    chromiumSandbox: process.getuid?.() !== 0,
    // A server has no graphics card that Chromium could look for.
    args: ['--disable-gpu'],
  });
  t.teardown(() => browser.close());
  return browser;
}
