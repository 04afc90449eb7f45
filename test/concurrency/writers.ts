import type { ExecutionContext } from 'ava';
import { openStore } from '../store';
import { countingApp } from './counting-app';
import { serve } from './listen';

const stores = 5;

/** How many can write at the same time, each over a connection of its own: a store's pool has ten. */
export const writers = stores * 10;

/** Serves the counting app from as many stores as it takes for all writers, and gives its origins. */
export function serveWriters(t: ExecutionContext, accountUrl: string): Promise<string[]> {
  return Promise.all(Array.from({ length: stores }, () => serve(t, countingApp(openStore(t, accountUrl)))));
}
