import { join } from 'node:path';
import test from 'ava';
import { run } from '../../../examples/demo/program';
import { bootForFile } from '../../support/boot';
import { registerPath } from '../../support/script';
import { createInstallation } from '../../support/store';
import { formatCalls } from './call-counter';
import { lockStatus } from './lock-status';
import { expectedData, runClients } from './shared-sessions';

// The lock counters count for the whole server, so other tests must not use it.
bootForFile();

/** Each client saves the same 50 sessions a thousand times, and its private ones too. */
const load = { clientCount: 16, rounds: 20 };

const command = [process.execPath, '--require', registerPath, join(__dirname, 'save-process.ts')];

test('Sixteen processes with a thousand saves each lose nothing, without a deadlock.', async (t) => {
  t.timeout(600_000);
  const installation = await createInstallation(t);
  const before = await lockStatus(installation);
  const counts = new Map<string, number>();
  const data = await runClients(t, installation, load, async (plans) => {
    const { stdout } = await run(command, {
      env: {
        ...process.env,
        ACCOUNT_URL: installation.accountUrl,
        SAVE_PLANS: JSON.stringify(plans),
      },
    });
    const calls: Array<[string, number]> = JSON.parse(stdout);
    for (const [routine, count] of calls) {
      counts.set(routine, (counts.get(routine) ?? 0) + count);
    }
  });
  t.log(formatCalls(counts));
  t.deepEqual(data, expectedData(load));
  const { deadlocks } = await lockStatus(installation);
  t.is(deadlocks, before.deadlocks);
  t.true((counts.get('sess_save_many') ?? 0) > 0);
});
