import test, { type ExecutionContext } from 'ava';
import type { SessionData } from 'express-session';
import { MySQLSessionStore } from 'knex-mysql-session';
import { attributes, Devices } from '../../examples/app/devices';
import type { User } from '../../examples/app/user';
import { addAttribute, grant } from '../../src/install';
import { createInstallation, session } from '../store';

const ada: User = { id: 'ada', name: 'Ada' };

function sessionOn(device: string): SessionData {
  return Object.assign(session(), { userId: ada.id, device });
}

async function createDevices(t: ExecutionContext, hashIds: boolean) {
  const database = await createInstallation(t, []);
  await addAttribute(
    { connection: database.url },
    { name: 'user_id', path: '$.userId', type: 'VARCHAR(64)' },
  );
  const account = await database.createAccount();
  for (const role of ['application', 'find_user_id', 'destroy_user_id'] as const) {
    await grant({ connection: database.url }, account.name, role);
  }
  const store = new MySQLSessionStore({
    connection: account.url,
    disableDbCleanup: true,
    attributes,
    hashIds,
  });
  t.teardown(() => store.close());
  return { store, devices: new Devices(store, 'a secret for the tests') };
}

for (const hashIds of [false, true]) {
  test(`Devices are listed and signed out one by one, hashIds ${hashIds}.`, async (t) => {
    const { store, devices } = await createDevices(t, hashIds);
    await store.set('of-the-phone', sessionOn('Phone'));
    await store.set('of-the-laptop', sessionOn('Laptop'));
    const [own, other] = await devices.list(ada, 'of-the-laptop');
    t.like(own, { name: 'Laptop', isOwn: true });
    t.like(other, { name: 'Phone', isOwn: false });
    t.is(await devices.signOut(ada, 'of-the-laptop', own?.handle ?? ''), undefined);
    t.is(await devices.signOut(ada, 'of-the-laptop', other?.handle ?? ''), 'Phone');
    t.is(await store.get('of-the-phone'), null);
    t.truthy(await store.get('of-the-laptop'));
  });
}
