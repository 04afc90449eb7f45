import { MySQLSessionStore } from '../../../src';
import { countCalls } from './call-counter';
import { runSaves, type SavePlan } from './save-load';

/** Runs plans at the same time. Prints how often it called each routine. */
async function main({ ACCOUNT_URL = '', SAVE_PLANS = '[]' } = process.env): Promise<void> {
  const plans: SavePlan[] = JSON.parse(SAVE_PLANS);
  const store = new MySQLSessionStore({
    connection: ACCOUNT_URL,
    disableDbCleanup: true,
    retryBudget: 60_000,
  });
  const counts = countCalls({ teardown: () => undefined });
  await Promise.all(plans.map((plan) => runSaves(store, plan)));
  await store.close();
  console.log(JSON.stringify([...counts]));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
