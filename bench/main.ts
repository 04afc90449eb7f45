import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureBusyShare } from './busy-share';
import { contenders, findContender, own } from './contenders';
import type { Contender } from './contenders/contender';
import { pages } from './measures/pages';
import { scale } from './measures/scale';
import { store } from './measures/store';
import { createPlan, type Measure, type Plan, type PlanOptions } from './plan';
import { writeReport } from './report/report';
import { saveResult } from './report/result';
import { Samples } from './samples';
import { bootServers } from './servers';

const usage = `Usage: npm run bench -- [store] [pages] [scale] [report] [options]

Runs these measures, or all of them, and writes a report. "report" alone measures nothing.

  --quick       measures a little of everything, in a few minutes
  --rounds N    the number of rounds
  --rows N      the number of sessions in the largest tables of "scale", such as 10000000
  --expired N   how many of them to clean up
  --cleanups N  how often to clean up; default: 3, but never more often than --rounds
  --only NAME   the only contender, such as ${own}; can be repeated
  --out FOLDER  where to write; default: bench/results, with --quick bench/results/quick`;

const measures: Readonly<Record<string, Measure>> = { store, pages, scale };

interface Arguments {
  readonly names: readonly string[];
  readonly plan: Plan;
  readonly contenders: readonly Contender[];
  readonly folder: string;
}

/** @throws {Error} for an unknown or wrong argument */
function parseArguments(args: string[]): Arguments {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      rows: { type: 'string' },
      expired: { type: 'string' },
      cleanups: { type: 'string' },
      only: { type: 'string', multiple: true },
      out: { type: 'string' },
    },
  });
  const known = Object.keys(measures);
  const unknown = positionals.find((name) => name !== 'report' && !known.includes(name));
  if (unknown) throw new TypeError(`"${unknown}" is no measure. Known are ${known.join(', ')}.`);
  const integer = (option: keyof Omit<PlanOptions, 'quick'>) => {
    const text = values[option];
    if (text === undefined) return undefined;
    if (/^[1-9]\d*$/.test(text)) return Number(text);
    throw new TypeError(`--${option} must be an integer above 0, but it is "${text}".`);
  };
  return {
    names: known.filter((name) => positionals.length === 0 || positionals.includes(name)),
    plan: createPlan({
      quick: values.quick,
      rounds: integer('rounds'),
      rows: integer('rows'),
      expired: integer('expired'),
      cleanups: integer('cleanups'),
    }),
    contenders: values.only?.map(findContender) ?? contenders,
    folder: values.out ?? join(__dirname, 'results', values.quick ? 'quick' : ''),
  };
}

/** Boots servers for one measure only, so none inherits the work of an earlier measure. */
async function runMeasure(
  name: string,
  measure: Measure,
  { plan, contenders, folder }: Arguments,
): Promise<void> {
  const log = (text: string) =>
    console.error(`${new Date().toTimeString().slice(0, 8)} ${name}: ${text}`);
  const busyBefore = await measureBusyShare();
  const servers = await bootServers(measure.servers);
  const samples = new Samples();
  try {
    for (const kind of measure.servers) {
      log(servers.get(kind)?.title ?? `${kind} is not installed, so its contender is left out`);
    }
    await measure.run({ plan, contenders, servers, samples, log });
  } finally {
    await Promise.all(Array.from(servers.values(), (server) => server.stop()));
  }
  const busy = { before: busyBefore, after: await measureBusyShare() };
  const about = measure.about(plan);
  const { title } = measure;
  const result = { name, title, about, rounds: plan.rounds, busy, samples: samples.all };
  saveResult(folder, result, servers);
}

async function main(args: Arguments): Promise<void> {
  const { names, folder } = args;
  for (const [name, measure] of Object.entries(measures)) {
    if (names.includes(name)) await runMeasure(name, measure, args);
  }
  for (const page of await writeReport(folder)) console.log(page);
}

function parseOrExit(args: string[]): Arguments {
  try {
    return parseArguments(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

main(parseOrExit(process.argv.slice(2))).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
