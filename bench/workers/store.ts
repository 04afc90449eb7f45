import { contenderOf, type OpenStore, type Place } from '../contenders';
import { type Effort, forEach, loop } from '../measures/loop';
import { type OperationName, operationOf } from '../measures/operations';
import { type Steady, type SteadyEffort, steady } from '../measures/steady';
import type { Timing } from '../measures/timing';
import { dataOf } from '../sessions/data';
import { idOf, type Population } from '../sessions/population';
import { Visits } from '../sessions/visits';
import { serve } from './remote';

interface Opening {
  readonly name: string;
  readonly place: Place;
  readonly cleansUp: boolean;
}

interface Request {
  readonly operation: OperationName;
  readonly population: Population;
  /** Characters of a session that is made. */
  readonly size: number;
  readonly effort: Effort;
}

let open: OpenStore;
let visits: Visits;
const made: string[] = [];

const services = {
  /** Opens a contender's store. */
  open: async ({ name, place, cleansUp }: Opening): Promise<void> => {
    open = await contenderOf(name).open(place, cleansUp);
    visits = new Visits(open.store);
  },

  /** Makes the sessions of a population, through the store. */
  fill: async ({ population, size }: { population: Population; size: number }): Promise<void> => {
    const numbers = Array.from({ length: population.to - population.from + 1 }, (_, index) => index);
    await forEach(numbers, 16, (index) => {
      const { session } = visits.begin(dataOf(size));
      return visits.set({ sid: idOf(population, population.from + index), session });
    });
  },

  measure: ({ operation, effort, ...which }: Request): Promise<Timing> =>
    loop(operationOf(operation, { open, visits, made, ...which }), effort),

  steady: ({ population, effort }: { population: Population; effort: SteadyEffort }): Promise<Steady> =>
    steady(open, visits, population, effort),

  /** Removes what `set new` made and nobody destroyed. */
  tidy: async (): Promise<void> => {
    await forEach(made.splice(0), 16, (sid) => visits.destroy(sid));
  },
};

export type StoreServices = typeof services;

serve(services);
