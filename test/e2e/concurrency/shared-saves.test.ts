import test from 'ava';
import { bootForFile } from '../../support/boot';
import { createInstallation, openStore } from '../../support/store';
import { countCalls, formatCalls } from './call-counter';
import { lockStatus } from './lock-status';
import { runSaves } from './save-load';
import { expectedData, runClients } from './shared-sessions';

// The lock counters count for the whole server, so other tests must not use it.
bootForFile();

const load = { clientCount: 4, rounds: 4 };

test.serial(
  'Stores that save the same sessions and their own lose nothing, without a deadlock.',
  async (t) => {
    t.timeout(300_000);
    const installation = await createInstallation(t);
    const before = await lockStatus(installation);
    const counts = countCalls(t);
    const data = await runClients(t, installation, load, async (plans) => {
      const store = openStore(t, installation.accountUrl);
      await Promise.all(plans.map((plan) => runSaves(store, plan)));
    });
    t.log(formatCalls(counts));
    t.deepEqual(data, expectedData(load));
    const { deadlocks } = await lockStatus(installation);
    t.is(deadlocks, before.deadlocks);
    t.true((counts.get('sess_save_many') ?? 0) > 0);
  },
);
