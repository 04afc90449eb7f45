import { AsyncLocalStorage } from 'node:async_hooks';

/** The streams, variables and exit code of one run of the CLI. The real process is one. */
export interface ProcessContext {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
  exitCode?: NodeJS.Process['exitCode'];
}

const contexts = new AsyncLocalStorage<ProcessContext>();

/** Runs `work` with this context. Several runs can share a process. */
export function runInContext<T>(context: ProcessContext, work: () => T): T {
  return contexts.run(context, work);
}

/** Returns the context of this run. */
export function processContext(): ProcessContext {
  return contexts.getStore() ?? process;
}
