import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Machine } from '../machine';

export interface Offspring {
  /** Of the server that the process has booted. */
  url: string;
  exited: Promise<number | null>;
  kill(): Promise<void>;
}

/** Starts a process that boots a server of its own, and resolves when that is up. */
export async function offspring(
  machine: Machine,
  then: 'wait' | 'end',
  env: NodeJS.ProcessEnv = {},
): Promise<Offspring> {
  const program = ['--require', 'ts-node/register', join(__dirname, 'child.ts')];
  const child = spawn(process.execPath, [...program, JSON.stringify(machine), then], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  const url = await Promise.race([
    once(child.stdout, 'data').then(([line]) => String(line).trim()),
    // What it printed may still be on the way when it has exited, but not when its output is closed.
    once(child, 'close').then(([code]) =>
      Promise.reject(new Error(`It ended with ${code} before its server was up.`)),
    ),
  ]);
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  return { url, exited, kill };
}
