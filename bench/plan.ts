import type { Contender } from './contenders/contender';
import type { Samples } from './samples';
import type { ServerKind, Servers } from './servers';

/** How much to measure. Sizes are characters of a session's JSON text. */
const fullPlan = {
  rounds: 5,
  store: {
    sizes: [300, 4_096, 65_536],
    callers: [1, 16, 64],
    milliseconds: 300,
    /** Sessions of each size. There are fewer of large ones. */
    sessions: 2_000,
  },
  pages: {
    connections: 50,
    /** So many that each session has a request every few seconds. */
    sessions: 5_000,
    size: 300,
    seconds: 5,
  },
  scale: {
    /** How many sessions the tables have, step by step. */
    rows: [10_000, 100_000, 500_000, 2_000_000],
    size: 300,
    callers: 16,
    milliseconds: 1_000,
    cleanup: {
      rounds: 3,
      expired: 1_000_000,
      callsPerSecond: 500,
      /** How long the load lasts without a cleanup. */
      milliseconds: 20_000,
    },
  },
};

export type Plan = typeof fullPlan;

/** A little of everything, to see that it works. */
const quickPlan: Plan = {
  rounds: 1,
  store: { sizes: [300, 4_096], callers: [1, 16], milliseconds: 20, sessions: 100 },
  pages: { connections: 50, sessions: 500, size: 300, seconds: 1 },
  scale: {
    rows: [1_000, 10_000],
    size: 300,
    callers: 16,
    milliseconds: 50,
    cleanup: { rounds: 1, expired: 5_000, callsPerSecond: 500, milliseconds: 1_000 },
  },
};

export interface PlanOptions {
  readonly quick: boolean;
  readonly rounds?: number | undefined;
  /** The number of sessions in the largest tables. */
  readonly rows?: number | undefined;
  /** The number of sessions to clean up. Default: a million, or half of a smaller table. */
  readonly expired?: number | undefined;
  /** How often to clean up, because that takes long. Default: 3, but at most `rounds`. */
  readonly cleanups?: number | undefined;
}

export function createPlan({ quick, rounds, rows, expired, cleanups }: PlanOptions): Plan {
  const plan = structuredClone(quick ? quickPlan : fullPlan);
  const { scale } = plan;
  if (rounds !== undefined) {
    plan.rounds = rounds;
    scale.cleanup.rounds = Math.min(rounds, scale.cleanup.rounds);
  }
  if (rows !== undefined) {
    scale.rows = [...scale.rows.filter((step) => step < rows), rows];
    scale.cleanup.expired = Math.min(scale.cleanup.expired, Math.floor(rows / 2));
  }
  if (expired !== undefined) scale.cleanup.expired = expired;
  if (cleanups !== undefined) scale.cleanup.rounds = cleanups;
  return plan;
}

/** What a measure works with. */
export interface Context {
  readonly plan: Plan;
  readonly contenders: readonly Contender[];
  readonly servers: Servers;
  readonly samples: Samples;
  /** Prints progress. */
  readonly log: (text: string) => void;
}

export interface Measure {
  readonly title: string;
  /** Explains the figures to readers of the report. */
  readonly about: (plan: Plan) => string;
  readonly servers: readonly ServerKind[];
  readonly run: (context: Context) => Promise<void>;
}
