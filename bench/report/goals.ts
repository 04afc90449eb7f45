import { own } from '../contenders';
import { type Comparison, compare } from '../samples';
import { ratioText, table } from './markdown';
import type { Result } from './result';

/** A ratio that is wanted in each cell of these sections and rows. */
interface Goal {
  readonly title: string;
  readonly section: RegExp;
  readonly row: RegExp;
  /**
   * The wanted ratios, by contender. `undefined` shows what was measured. The name of this package
   * means a comparison with itself in another situation.
   */
  readonly wanted: Readonly<Record<string, number | undefined>>;
}

const small = /^Sessions of (300 B|4 KB)$/;

const goals: readonly Goal[] = [
  {
    title: 'get, 16 and 64 callers',
    section: small,
    row: /^get hit, callers: (16|64)$/,
    wanted: toContenders(2, 2, 1.5),
  },
  {
    title: 'set of a loaded session, 16 callers',
    section: small,
    row: /^set changed, callers: 16$/,
    wanted: toContenders(1.5, 1.8, 1.5),
  },
  {
    title: 'set of a loaded session, 64 callers',
    section: small,
    row: /^set changed, callers: 64$/,
    wanted: toContenders(2.5, 2.5, 2.5),
  },
  {
    title: 'touch that must write, 16 and 64 callers',
    section: small,
    row: /^touch that must write, callers: (16|64)$/,
    wanted: toContenders(1.5, 2, 1.3),
  },
  {
    title: 'set of a new session, 16 and 64 callers',
    section: small,
    row: /^set new, callers: (16|64)$/,
    wanted: toContenders(1, 1.3, 0.9),
  },
  {
    title: 'any call, 1 caller',
    section: small,
    row: /, callers: 1$/,
    wanted: toContenders(0.85, 1.1, 0.8),
  },
  {
    title: 'any call, sessions of 64 KB',
    section: /^Sessions of 64 KB$/,
    row: /./,
    wanted: toContenders(1, 1, 0.8),
  },
  ...pageGoals('read', [2, 2.3, 1], [0.5, 0.45, 1]),
  ...pageGoals('change', [1.6, 1.7, 0.8], [0.65, 0.6, 1.25]),
  {
    title: 'p99 during a cleanup, to the same without',
    section: /^Cleanup of/,
    row: /^(get|set) p99, ms$/,
    wanted: { [own]: 1.3 },
  },
  {
    title: 'p50 with 2,000,000 sessions, to the smallest table',
    section: /^Growth$/,
    row: / p50, ms, 2,000,000 sessions$/,
    wanted: { [own]: 1.2 },
  },
  {
    title: 'p50 with 10,000,000 sessions, to the smallest table',
    section: /^Growth$/,
    row: / p50, ms, 10,000,000 sessions$/,
    wanted: { [own]: undefined },
  },
];

function toContenders(expressMysqlSession: number, connectSessionKnex: number, plainSql: number) {
  return {
    'express-mysql-session': expressMysqlSession,
    'connect-session-knex': connectSessionKnex,
    'mysql2 execute SQL': plainSql,
    'connect-redis': undefined,
  };
}

type PageRatios = readonly [
  expressMysqlSession: number,
  connectSessionKnex: number,
  connectRedis: number,
];

function pageGoals(page: 'read' | 'change', requests: PageRatios, cpu: PageRatios): Goal[] {
  const section = new RegExp(`^Pages that ${page}`);
  const toPeers = ([expressMysqlSession, connectSessionKnex, connectRedis]: PageRatios) => ({
    'express-mysql-session': expressMysqlSession,
    'connect-session-knex': connectSessionKnex,
    'connect-redis': connectRedis,
  });
  return [
    {
      title: `pages that ${page}`,
      section,
      row: /^requests a second$/,
      wanted: toPeers(requests),
    },
    {
      title: `the application's CPU, pages that ${page}`,
      section,
      row: /^CPU of the application/,
      wanted: toPeers(cpu),
    },
  ];
}

interface Cell extends Comparison {
  readonly section: string;
}

/** Returns each goal with the worst of its cells. Leaves out what was not measured. */
export function goalTable(results: readonly Result[]): string {
  const cells = results.flatMap(({ samples }) =>
    [...new Set(samples.map(({ section }) => section))].flatMap((section) =>
      compare(samples.filter((sample) => sample.section === section)).map((cell) => ({
        ...cell,
        section,
      })),
    ),
  );
  const rows = goals.flatMap((goal) =>
    Object.entries(goal.wanted).flatMap(([contender, wanted]) => {
      const worst = worstOf(
        cells.filter(
          (cell) =>
            cell.contender === contender &&
            goal.section.test(cell.section) &&
            goal.row.test(cell.row),
        ),
      );
      return worst ? [goalRow(goal.title, contender, wanted, worst)] : [];
    }),
  );
  return table(['', 'to', 'wanted', 'measured', 'where', ''], rows);
}

function worstOf(cells: readonly Cell[]): Cell | undefined {
  const [first] = cells.toSorted((one, other) =>
    one.lessIsBetter ? other.median - one.median : one.median - other.median,
  );
  return first;
}

function goalRow(title: string, contender: string, wanted: number | undefined, cell: Cell) {
  const name = contender === own ? 'itself' : contender;
  const measured = [ratioText(cell), `${cell.section}: ${cell.row}`];
  if (wanted === undefined) return [title, name, '–', ...measured, ''];
  const { lessIsBetter, median } = cell;
  const isReached = lessIsBetter ? median <= wanted : median >= wanted;
  const goal = `${lessIsBetter ? '≤' : '≥'} ${wanted}`;
  return [title, name, goal, ...measured, isReached ? 'reached' : '**not reached**'];
}
