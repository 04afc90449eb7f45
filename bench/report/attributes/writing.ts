import { writeNames } from '../../measures/attributes/operations';
import type { WritingSample } from '../../measures/attributes/writing';
import type { Chart } from '../charts';
import { count, details, figure, image, ratioText, sizeText, table } from '../markdown';
import type { Outcome } from '../outcome';
import { type RatioPoint, ratioChart } from '../ratio-chart';
import { median, ratios, type Spread } from '../statistics';
import { shortTitle } from './server';

export const writingFile = 'attributes-writing.svg';

type Cell = Omit<WritingSample, 'rounds' | 'attributed'>;

/** What an attribute costs those who write sessions. */
export function writingSection(outcome: Outcome<'attributes'>): string {
  const cells = cellsOf(outcome);
  const names = ({ server, size, call, callers }: Cell) => [
    shortTitle(server),
    sizeText(size),
    call,
    String(callers),
  ];
  const header = ['', 'sessions of', 'call', 'callers'];
  const { samples, plan } = outcome;
  return [
    '## Whoever writes',
    `How many times as many calls a second are made on a table of ${count(plan.writing.sessions * plan.writing.sizes.length)} sessions with the attribute as on one without it, in turn:
creating a session, changing a loaded one, and changing the very value that the attribute is made of, as a sign-in does.`,
    image(writingFile, 'Calls a second with the attribute to those without'),
    table(
      [...header, 'with the attribute, to without'],
      cells.map((cell) => {
        const ratio = writingRatio(samples.writing, cell);
        return [...names(cell), ratio ? ratioText(ratio) : '–'];
      }),
    ),
    details(
      'Calls a second on this machine, medians',
      table(
        [...header, 'without', 'with'],
        cells.map((cell) => [
          ...names(cell),
          ...[false, true].map((attributed) =>
            figure(median(ratesOf(samples.writing, cell, attributed) ?? [])),
          ),
        ]),
      ),
    ),
  ].join('\n\n');
}

export function writingChart(outcome: Outcome<'attributes'>): Chart {
  const points = cellsOf(outcome).flatMap((cell): RatioPoint[] => {
    const ratio = writingRatio(outcome.samples.writing, cell);
    const { server, size, call, callers } = cell;
    const column = callers === 1 ? '1 caller' : `${callers} callers`;
    return ratio ? [{ ...ratio, name: call, row: `${shortTitle(server)}, ${sizeText(size)}`, column }] : [];
  });
  return ratioChart('With the attribute to without', 'times as many calls a second', points);
}

function writingRatio(samples: readonly WritingSample[], cell: Cell): Spread | undefined {
  const [attributed, plain] = [ratesOf(samples, cell, true), ratesOf(samples, cell, false)];
  return attributed && plain && ratios(attributed, plain);
}

function cellsOf({ samples, plan }: Outcome<'attributes'>): Cell[] {
  const servers = [...new Set(samples.writing.map(({ server }) => server))];
  return servers.flatMap((server) =>
    plan.writing.sizes.flatMap((size) =>
      writeNames.flatMap((call) => plan.writing.callers.map((callers) => ({ server, size, call, callers }))),
    ),
  );
}

function ratesOf(
  samples: readonly WritingSample[],
  { server, size, call, callers }: Cell,
  attributed: boolean,
): number[] | undefined {
  const found = samples.find(
    (known) =>
      known.server === server &&
      known.size === size &&
      known.call === call &&
      known.callers === callers &&
      known.attributed === attributed,
  );
  return found?.rounds.map(({ rate }) => rate);
}
