/** How much is measured. */
export interface Plan {
  readonly rounds: number;
  readonly store: {
    /** Characters of a session's JSON text. */
    readonly sizes: readonly number[];
    readonly callers: readonly number[];
    readonly milliseconds: number;
    /** How many sessions are there: fewer of large ones. */
    readonly sessions: number;
  };
  readonly layers: {
    readonly size: number;
    readonly callers: readonly number[];
    readonly milliseconds: number;
    readonly sessions: number;
  };
  readonly pages: {
    readonly connections: number;
    /** So many that a session is asked for once in a few seconds, as people turn pages. */
    readonly sessions: number;
    readonly size: number;
    readonly seconds: number;
    /** How long each application serves ahead of what is measured, in seconds. */
    readonly warmUp: number;
  };
  readonly scale: {
    /** How many sessions the tables hold, in growing steps. */
    readonly rows: readonly number[];
    readonly size: number;
    readonly callers: number;
    readonly milliseconds: number;
    readonly cleanup: {
      readonly rounds: number;
      readonly expired: number;
      readonly callsASecond: number;
      /** How long the load lasts with no cleanup. */
      readonly milliseconds: number;
    };
  };
  readonly layout: {
    readonly rows: number;
    readonly sizes: readonly number[];
    readonly callers: number;
    readonly milliseconds: number;
  };
  readonly attributes: {
    /** Of the smaller and of the larger table. */
    readonly rows: readonly [number, number];
    readonly size: number;
    readonly online: {
      readonly rounds: number;
      readonly callsASecond: number;
      /** How long the load lasts before and after the attribute is added. */
      readonly milliseconds: number;
      /** How long somebody else's transaction keeps the table, in milliseconds. */
      readonly held: number;
    };
    /** `turns` are those that each table has in a round. */
    readonly finding: { readonly turns: number; readonly milliseconds: number };
    readonly writing: {
      readonly turns: number;
      readonly sizes: readonly number[];
      readonly callers: readonly number[];
      readonly milliseconds: number;
      /** How many sessions of each size are there. */
      readonly sessions: number;
    };
  };
}

export const fullPlan: Plan = {
  rounds: 5,
  store: { sizes: [300, 4_096, 65_536], callers: [1, 16, 64], milliseconds: 300, sessions: 2_000 },
  layers: { size: 300, callers: [1, 16], milliseconds: 500, sessions: 2_000 },
  pages: { connections: 50, sessions: 5_000, size: 300, seconds: 5, warmUp: 1 },
  scale: {
    rows: [10_000, 100_000, 500_000, 2_000_000],
    size: 300,
    callers: 16,
    milliseconds: 1_000,
    cleanup: { rounds: 3, expired: 1_000_000, callsASecond: 500, milliseconds: 20_000 },
  },
  layout: { rows: 2_000_000, sizes: [300, 4_096], callers: 16, milliseconds: 500 },
  attributes: {
    rows: [10_000, 2_000_000],
    size: 300,
    online: { rounds: 3, callsASecond: 500, milliseconds: 10_000, held: 5_000 },
    finding: { turns: 5, milliseconds: 400 },
    writing: { turns: 3, sizes: [300, 4_096], callers: [1, 16], milliseconds: 500, sessions: 50_000 },
  },
};

/** A little of everything, to see that it works. */
export const quickPlan: Plan = {
  rounds: 1,
  store: { sizes: [300, 4_096], callers: [1, 16], milliseconds: 20, sessions: 100 },
  layers: { size: 300, callers: [1, 16], milliseconds: 20, sessions: 100 },
  pages: { connections: 50, sessions: 500, size: 300, seconds: 1, warmUp: 0 },
  scale: {
    rows: [1_000, 10_000],
    size: 300,
    callers: 16,
    milliseconds: 50,
    cleanup: { rounds: 1, expired: 5_000, callsASecond: 500, milliseconds: 1_000 },
  },
  layout: { rows: 2_000, sizes: [300], callers: 16, milliseconds: 30 },
  attributes: {
    rows: [1_000, 20_000],
    size: 300,
    online: { rounds: 1, callsASecond: 200, milliseconds: 1_000, held: 1_500 },
    finding: { turns: 2, milliseconds: 50 },
    writing: { turns: 1, sizes: [300, 4_096], callers: [1, 16], milliseconds: 50, sessions: 500 },
  },
};

/** The same in so many rounds; of cleanups and of attributes that are added, which take long, no more than the plan has. */
export function inRounds(rounds: number, plan: Plan): Plan {
  const { scale, attributes } = plan;
  const cleanup = { ...scale.cleanup, rounds: Math.min(rounds, scale.cleanup.rounds) };
  const online = { ...attributes.online, rounds: Math.min(rounds, attributes.online.rounds) };
  return { ...plan, rounds, scale: { ...scale, cleanup }, attributes: { ...attributes, online } };
}

/** Fewer sessions have not all kinds of users among them. */
const least = 1_000;

/** The same with tables that grow up to so many rows. */
export function upTo(rows: number, plan: Plan): Plan {
  const { scale, attributes } = plan;
  const [small] = attributes.rows;
  const steps = scale.rows.filter((step) => step < rows);
  const expired = Math.min(scale.cleanup.expired, Math.floor(rows / 2));
  return {
    ...plan,
    scale: { ...scale, rows: [...steps, rows], cleanup: { ...scale.cleanup, expired } },
    attributes: {
      ...attributes,
      rows: [Math.min(small, Math.max(least, rows / 10)), Math.max(2 * least, rows)],
    },
  };
}
