import { type LayerSample, layeredOperations, layers } from '../measures/layers';
import { details, figure, ratioText, sizeText, table } from './markdown';
import type { Outcome } from './outcome';
import { circumstances, type Presentation } from './presentation';
import { median, ratios, type Spread } from './statistics';

export function presentLayers(outcome: Outcome<'layers'>): Presentation {
  const { samples, plan } = outcome;
  const columns = plan.callers.flatMap((callers) => [
    { callers, title: `${callersText(callers)}, to plain SQL`, base: () => layers[0] },
    { callers, title: `${callersText(callers)}, to the layer above`, base: above },
  ]);
  const sections = layeredOperations.map((operation) => {
    const rows = layers.map((layer) => [
      layer,
      ...columns.map(({ callers, base }) => {
        const ratio = ratioOf(samples, operation, callers, layer, base(layer));
        return ratio ? ratioText(ratio) : '–';
      }),
    ]);
    const times = layers.map((layer) => [
      layer,
      ...plan.callers.map((callers) =>
        figure(1e6 / median(ratesOf(samples, operation, callers, layer) ?? [])),
      ),
    ]);
    return [
      `## ${operation}`,
      table(['', ...columns.map(({ title }) => title)], rows),
      details('Microseconds a call on this machine', table(['', ...plan.callers.map(callersText)], times)),
    ].join('\n\n');
  });
  return {
    markdown: [
      '# Where the time of a call goes',
      circumstances(outcome),
      `The same work through one layer more after the other, on sessions of ${sizeText(plan.size)}: how many times as many calls a second as plain
SQL through mysql2, which is what most stores send, and as the layer above. Below 1, a layer costs something. The
median of the rounds, and the lowest and highest. With several callers the store lets calls of \`get\`, and of \`touch\`,
share a round trip; \`set\` goes alone.`,
      ...sections,
    ].join('\n\n'),
    charts: {},
  };
}

function above(layer: (typeof layers)[number]): (typeof layers)[number] | undefined {
  return layers[layers.indexOf(layer) - 1];
}

function ratioOf(
  samples: readonly LayerSample[],
  operation: LayerSample['operation'],
  callers: number,
  layer: LayerSample['layer'],
  base: LayerSample['layer'] | undefined,
): Spread | undefined {
  const ones = ratesOf(samples, operation, callers, layer);
  const others = base && ratesOf(samples, operation, callers, base);
  return ones && others && ratios(ones, others);
}

function ratesOf(
  samples: readonly LayerSample[],
  operation: LayerSample['operation'],
  callers: number,
  layer: LayerSample['layer'],
): number[] | undefined {
  const found = samples.find(
    (known) => known.operation === operation && known.callers === callers && known.layer === layer,
  );
  return found?.rounds.map(({ rate }) => rate);
}

function callersText(callers: number): string {
  return callers === 1 ? '1 caller' : `${callers} callers`;
}
