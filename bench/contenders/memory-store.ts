import { MemoryStore } from 'express-session';
import type { Contender } from './contender';

export const memoryStore: Contender = {
  name: 'MemoryStore',
  packages: ['express-session'],
  prepare: async () => ({ url: '', adminUrl: '' }),
  open: async () => ({ store: new MemoryStore() }),
};
