import type { ExecutionContext } from 'ava';
import { startProgram } from '../../examples/demo/program';
import type { StoreOptions } from '../../src/options';
import { createInstallation } from '../store';

export type WriteMode = NonNullable<StoreOptions['writeMode']>;

/** Serves the counting app from so many processes on one database, and gives their origins. */
export async function startCountingProcesses(
  t: ExecutionContext,
  processes: number,
  writeMode: WriteMode,
): Promise<string[]> {
  const { accountUrl } = await createInstallation(t, ['application']);
  const environment = { ACCOUNT_URL: accountUrl, WRITE_MODE: writeMode };
  return Promise.all(
    Array.from({ length: processes }, async () => {
      const program = await startProgram('test/concurrency/counting-process.ts', environment);
      t.teardown(() => program.stop());
      return program.url;
    }),
  );
}
