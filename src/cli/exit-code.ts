import { CommanderError } from 'commander';
import { ArgumentError } from '../errors';

export const exitCodes = { done: 0, failed: 1, usage: 2, findings: 3, interrupted: 130 } as const;

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  if (isInterruption(error)) {
    return exitCodes.interrupted;
  }
  return error instanceof ArgumentError ? exitCodes.usage : exitCodes.failed;
}

/** Whether somebody pressed Ctrl-C at a prompt. */
export function isInterruption(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError';
}
