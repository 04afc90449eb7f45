import { own } from '../contenders';
import { barePrepared } from '../contenders/bare-mysql2';
import { connectRedis } from '../contenders/connect-redis';
import { connectSessionKnex } from '../contenders/connect-session-knex';
import { expressMysqlSession } from '../contenders/express-mysql-session';
import { type OperationName, operationNames } from '../measures/operations';
import { type PageName, pageNames } from '../measures/pages';
import { cleanupRatio } from './cleanup';
import { growthOf } from './growth';
import { sizeText } from './markdown';
import type { Outcome } from './outcome';
import { pageRatio } from './pages';
import type { Spread } from './statistics';
import { storeRatio } from './store';

/** What is wanted of a ratio, wherever it is measured. */
export interface Goal {
  readonly what: string;
  /** What it is held against. */
  readonly to: string;
  readonly wanted: { readonly atLeast: number } | { readonly atMost: number };
  readonly measured: readonly Measured[];
}

export interface Measured {
  readonly where: string;
  readonly ratio: Spread;
}

/** What came of the parts that were measured. */
export interface Outcomes {
  readonly store?: Outcome<'store'>;
  readonly pages?: Outcome<'pages'>;
  readonly scale?: Outcome<'scale'>;
}

const [toExpress, toKnex, toBare] = [expressMysqlSession.name, connectSessionKnex.name, barePrepared.name];

/** The goals that this package sets itself, with what was measured. */
export function goalsOf({ store, pages, scale }: Outcomes): Goal[] {
  const small = [300, 4_096];
  const many = [16, 64];
  return [
    ...storeGoals(store, 'get', ['get hit'], many, small, { [toExpress]: 1.5, [toKnex]: 2, [toBare]: 1 }),
    ...storeGoals(store, 'touch that must write', ['touch that must write'], many, small, {
      [toExpress]: 1.2,
      [toKnex]: 1.6,
      [toBare]: 1,
    }),
    ...storeGoals(store, 'set changed', ['set changed'], many, small, {
      [toExpress]: 1,
      [toKnex]: 1.3,
      [toBare]: 0.6,
    }),
    ...storeGoals(store, 'any call, 1 caller', operationNames, [1], undefined, {
      [toExpress]: 0.85,
      [toKnex]: 1.1,
      [toBare]: 0.6,
    }),
    ...pageGoals(pages, 'read', { [toExpress]: 1.6, [toKnex]: 2, [connectRedis.name]: 0.75 }),
    ...pageGoals(pages, 'change', { [toExpress]: 1, [toKnex]: 1.2 }),
    cleanupGoal(scale),
    growthGoal(scale),
  ];
}

function storeGoals(
  outcome: Outcome<'store'> | undefined,
  what: string,
  operations: readonly OperationName[],
  callers: readonly number[],
  sizes: readonly number[] | undefined,
  wanted: Readonly<Record<string, number>>,
): Goal[] {
  return Object.entries(wanted).map(([contender, atLeast]) => ({
    what,
    to: contender,
    wanted: { atLeast },
    measured: operations.flatMap((operation) =>
      (sizes ?? outcome?.plan.sizes ?? []).flatMap((size) =>
        callers.flatMap((number) => {
          const cell = { contender, operation, size, callers: number };
          const ratio = outcome && storeRatio(outcome.samples, cell);
          return ratio ? [{ where: `${operation}, ${sizeText(size)}, callers: ${number}`, ratio }] : [];
        }),
      ),
    ),
  }));
}

function pageGoals(
  outcome: Outcome<'pages'> | undefined,
  page: PageName,
  wanted: Readonly<Record<string, number>>,
): Goal[] {
  return Object.entries(wanted).map(([contender, atLeast]) => {
    const ratio = outcome && pageRatio(outcome.samples, contender, page, 'rate');
    return {
      what: page === pageNames[0] ? 'pages that read' : 'pages that change',
      to: contender,
      wanted: { atLeast },
      measured: ratio ? [{ where: 'requests a second', ratio }] : [],
    };
  });
}

function cleanupGoal(outcome: Outcome<'scale'> | undefined): Goal {
  const sample = outcome?.samples.cleanup.find(({ contender }) => contender === own);
  const kinds = ['get', 'set'] as const;
  return {
    what: 'p99 of get and set while 1,000,000 are cleaned up',
    to: 'the same with no cleanup',
    wanted: { atMost: 1.5 },
    measured:
      sample && outcome?.plan.cleanup.expired === 1_000_000
        ? kinds.map((kind) => ({ where: `${kind} p99`, ratio: cleanupRatio(sample, kind, 'p99') }))
        : [],
  };
}

function growthGoal(outcome: Outcome<'scale'> | undefined): Goal {
  return {
    what: 'p50 of get and set with 2,000,000 sessions',
    to: 'the same with 10,000',
    wanted: { atMost: 1.3 },
    measured: (['get hit', 'set changed'] as const).flatMap((operation) => {
      const ratio = outcome && growthOf(outcome.samples.growth, own, operation, 'p50', 10_000, 2_000_000);
      return ratio ? [{ where: `${operation} p50`, ratio }] : [];
    }),
  };
}
