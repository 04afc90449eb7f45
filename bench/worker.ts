import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { findContender } from './contenders';
import type { Database, OpenStore } from './contenders/contender';
import { createApp } from './measures/app';
import { type Effort, forEachConcurrently, measureCalls, type Timing } from './measures/calls';
import { type OperationName, operationOf } from './measures/operations';
import { type SteadyEffort, steadyLoad } from './measures/steady-load';
import type { Population } from './sessions';
import { driveStore, type StoreDriver } from './store-driver';

let open: OpenStore;
let driver: StoreDriver;
const created: string[] = [];

/** What the main process can ask this process for. The first call must be `open`. */
const services = {
  open: async (contender: string, database: Database, cleansUp: boolean): Promise<void> => {
    open = await findContender(contender).open(database, cleansUp);
    driver = driveStore(open.store);
  },

  fill: (population: Population, size: number): Promise<void> => driver.fill(population, size),

  measure: (
    operation: OperationName,
    population: Population,
    size: number,
    effort: Effort,
  ): Promise<Timing> => {
    const subject = { open, driver, created, population, size };
    return measureCalls(operationOf(operation, subject), effort);
  },

  load: (population: Population, effort: SteadyEffort, cleansUp: boolean) => {
    return steadyLoad(driver, population, effort, cleansUp ? open.cleanUp : undefined);
  },

  /** Deletes what `set new` created and `destroy` did not delete. */
  destroyCreated: async (): Promise<void> => {
    await forEachConcurrently(created.splice(0), (sid) => driver.destroy(sid));
  },

  /** Starts an application on the store. Returns its URL. */
  listen: async (size: number): Promise<string> => {
    const server = createApp(open.store, size).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },

  /** Returns the CPU time of this process in milliseconds. */
  cpu: async (): Promise<number> => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
};

export type Services = typeof services;

export interface Question {
  readonly name: keyof Services;
  readonly args: readonly unknown[];
}

export type Answer = { readonly result: unknown } | { readonly error: string };

process.on('message', async ({ name, args }: Question) => {
  const service = services[name] as (...args: readonly unknown[]) => Promise<unknown>;
  const answer: Answer = await service(...args).then(
    (result) => ({ result: result ?? null }),
    (error: unknown) => ({ error: String(error instanceof Error ? error.stack : error) }),
  );
  process.send?.(answer);
});
process.on('disconnect', () => process.exit());
