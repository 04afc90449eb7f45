import { RedisStore } from 'connect-redis';
import { createClient } from 'redis';
import type { Contender } from './contender';

export const connectRedis: Contender = {
  name: 'connect-redis',
  packages: ['connect-redis', 'redis'],
  server: 'redis',
  prepare: async (server) => {
    if (!server) throw new Error('There is no server for this contender');
    const client = await createClient({ url: server.url }).connect();
    await client.flushAll();
    client.destroy();
    return { url: server.url, adminUrl: server.url };
  },
  // One connection, as its manual has it: it sends commands without waiting for the answers to those before.
  open: async ({ url }) => ({ store: new RedisStore({ client: await createClient({ url }).connect() }) }),
};
