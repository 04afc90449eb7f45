import test from 'ava';
import { routineNames } from '../../src/contract';
import {
  type Change,
  formatScript,
  grant,
  install,
  type PlannedChange,
  plan,
  planFresh,
  planFreshSteps,
  planSteps,
  status,
} from '../../src/install';
import { createDatabase, openDatabase } from '../support/database';
import { createInstallation } from './installation';

/** All statements of a plan, in order. */
function statementsOf({ opening, steps, closing }: PlannedChange): string[] {
  return [...opening, ...steps.flatMap(({ statements }) => statements), ...closing];
}

test('The statements of a plan install, and then no step is left.', async (t) => {
  const database = await createDatabase(t);
  const planned = await planSteps({ connection: database.url, event: true });
  await openDatabase(t, database.url).withConnection(async ({ query }) => {
    for (const statement of statementsOf(planned)) await query(statement);
  });
  const { steps, opening, closing } = await planSteps({ connection: database.url });
  t.deepEqual([steps, opening, closing], [[], [], []]);
  t.deepEqual(await install({ connection: database.url }), []);
});

test('A plan says why each step is pending, as status does.', async (t) => {
  const { name, url, query } = await createInstallation(t);
  await query('DROP PROCEDURE sess_get');
  await query(
    "ALTER PROCEDURE sess_set SQL SECURITY INVOKER COMMENT 'knex-mysql-session:sessions'",
  );
  await query(`REVOKE INSERT ON sessions FROM \`${name}.sess_\`@localhost`);
  const planned = await planSteps({ connection: url });
  t.like(planned, { database: name, table: 'sessions', prefix: 'sess_' });
  t.deepEqual(
    planned.steps.map(({ name: step, kind, differences }) => [step, kind, differences]),
    [
      ['definer/account', 'definer', [`no INSERT ON \`${name}\`.\`sessions\``]],
      ['routines/sess_get', 'routine', ['missing']],
      ['routines/sess_set', 'routine', ['different comment', 'SQL SECURITY INVOKER']],
    ],
  );
  const pending = (await status({ connection: url })).steps.filter(
    ({ state }) => state !== 'applied',
  );
  t.deepEqual(
    planned.steps.map((step) => [step.name, step.differences]),
    pending.map((step) => [step.name, step.differences]),
  );
});

test('A step has the comment as text, and the checksum of the log.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('DROP PROCEDURE sess_set');
  const [step] = (await planSteps({ connection: url })).steps;
  t.regex(step?.comment ?? '', /^A live session keeps its creation time: .*\n[^-]/);
  const rows = await query(
    "SELECT checksum FROM sessions_migrations WHERE name = 'sess_set' AND action = 'applied'",
  );
  t.deepEqual(rows, [[step?.checksum ?? '']]);
});

test('A script is its plan in another form.', async (t) => {
  const { url } = await createDatabase(t);
  t.is(formatScript(await planSteps({ connection: url })), await plan({ connection: url }));
  t.is(formatScript(planFreshSteps({ database: 'shop' })), planFresh({ database: 'shop' }));
});

test('Every change has a plan with steps.', async (t) => {
  const { url, account } = await createInstallation(t);
  await grant({ connection: url }, account.name, 'cleaner');
  const attribute = { name: 'user_id', path: '$.user.id', type: 'INT' };
  const changes: ReadonlyArray<[Change, steps: number, last: string]> = [
    [{ action: 'install' }, 0, ''],
    [{ action: 'grant', account: account.name }, 1, `grants/application/${account.name}`],
    [{ action: 'revoke', account: account.name }, 1, `grants/all/${account.name}/removed`],
    [{ action: 'addAttribute', attribute }, 6, 'routines/sess_destroy_user_id'],
    // Also three grants, the definer, the migration and the installation.
    [{ action: 'rollback', to: 0 }, routineNames.length + 6, 'installations/sessions'],
  ];
  for (const [change, count, last] of changes) {
    const { steps } = await planSteps({ connection: url }, change);
    t.deepEqual([steps.length, steps.at(-1)?.name ?? ''], [count, last], change.action);
  }
});
