import { own } from '../contenders';
import { type PageName, type PageRound, type PageSample, pageNames } from '../measures/pages';
import type { Chart } from './charts';
import { details, figure, image, ratioText, table } from './markdown';
import type { Outcome } from './outcome';
import { circumstances, type Presentation } from './presentation';
import { type RatioPoint, ratioChart } from './ratio-chart';
import { median, ratios, type Spread } from './statistics';

type Figure = 'rate' | 'p50' | 'p99' | 'appCpu' | 'serverCpu';

const titles: Record<Figure, string> = {
  rate: 'requests a second',
  p50: 'p50',
  p99: 'p99',
  appCpu: "the app's CPU a request",
  serverCpu: "the server's CPU a request",
};

const figures = Object.keys(titles) as Figure[];

export function presentPages(outcome: Outcome<'pages'>): Presentation {
  const { connections, sessions } = outcome.plan;
  return {
    markdown: [
      '# What a user feels',
      circumstances(outcome),
      `An Express application under ${connections} connections and ${figure(sessions)} sessions of ${outcome.plan.size} B, with express-session's usual
settings (\`resave\`, \`saveUninitialized\` and \`rolling\` false) and a cookie of one day. The one page reads the session,
the other changes it. The figures are ${own}'s to each contender's, medians of the rounds with the lowest and the highest: of
requests a second more is better, of all others less.`,
      image('pages.svg', 'Requests a second to those of each contender'),
      image('pages-cpu.svg', "CPU time a request to that of this package's store"),
      ...pageNames.map((page) => section(outcome, page)),
    ].join('\n\n'),
    charts: { 'pages.svg': rateChart(outcome), 'pages-cpu.svg': cpuChart(outcome) },
  };
}

/** This package's figure to another's; undefined where one of the two was not measured. */
export function pageRatio(
  samples: readonly PageSample[],
  contender: string,
  page: PageName,
  key: Figure,
): Spread | undefined {
  const [ours, theirs] = [valuesOf(samples, own, page, key), valuesOf(samples, contender, page, key)];
  return ours && theirs && ratios(ours, theirs);
}

function section({ samples }: Outcome<'pages'>, page: PageName): string {
  const all = samples.filter((sample) => sample.page === page).map(({ contender }) => contender);
  const others = all.filter((name) => name !== own);
  const ratioRows = others.map((name) => [
    `to ${name}`,
    ...figures.map((key) => {
      const ratio = pageRatio(samples, name, page, key);
      return ratio ? ratioText(ratio) : '–';
    }),
  ]);
  const rows = all.map((name) => [
    name,
    ...figures.map((key) => figure(median(valuesOf(samples, name, page, key) ?? []))),
  ]);
  return [
    `## A page that ${page === 'read' ? 'reads' : 'changes'} the session`,
    table([own, ...figures.map((key) => titles[key])], ratioRows),
    details(
      'Medians on this machine: milliseconds, and microseconds of CPU',
      table(['', ...figures.map((key) => titles[key])], rows),
    ),
  ].join('\n\n');
}

function rateChart({ samples }: Outcome<'pages'>): Chart {
  const points = samples.flatMap(({ contender, page }): RatioPoint[] => {
    const ratio = contender === own ? undefined : pageRatio(samples, contender, page, 'rate');
    return ratio ? [{ ...ratio, name: contender, row: '', column: titleOf(page) }] : [];
  });
  return ratioChart(`Pages with ${own} to each contender`, 'times as many requests a second', points);
}

function cpuChart({ samples }: Outcome<'pages'>): Chart {
  const order = [...new Set(samples.map(({ contender }) => contender))];
  const values = samples.flatMap(({ contender, page }) => {
    const cpu = (name: string, key: Figure) => median(valuesOf(samples, name, page, key) ?? [0]);
    const whole = cpu(own, 'appCpu') + cpu(own, 'serverCpu');
    return [
      { contender, page: titleOf(page), process: 'application', share: cpu(contender, 'appCpu') / whole },
      { contender, page: titleOf(page), process: 'server', share: cpu(contender, 'serverCpu') / whole },
    ];
  });
  return {
    title: { text: `CPU time a request, ${own}: 1`, anchor: 'start' },
    data: { values },
    facet: { column: { field: 'page', type: 'nominal', sort: pageNames.map(titleOf) } },
    spec: {
      width: 280,
      height: { step: 18 },
      mark: 'bar',
      encoding: {
        y: { field: 'contender', type: 'nominal', sort: order, title: null },
        x: { field: 'share', type: 'quantitative', title: `CPU time to ${own}'s` },
        color: { field: 'process', type: 'nominal', scale: { range: ['#2a6fb0', '#9dc3e6'] } },
      },
    },
  };
}

function titleOf(page: PageName): string {
  return page === 'read' ? 'a page that reads' : 'a page that changes';
}

function valuesOf(
  samples: readonly PageSample[],
  contender: string,
  page: PageName,
  key: Figure,
): number[] | undefined {
  const sample = samples.find((known) => known.contender === contender && known.page === page);
  const values = sample?.rounds.map((round: PageRound) => round[key]);
  return values?.every((value) => value !== undefined) ? values : undefined;
}
