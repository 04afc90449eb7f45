import type { Comparison } from '../samples';

/** The axis ends here. A ratio beyond it would hide the differences between the others. */
const axisEnd = 10;

const [better, worse, neutral] = ['#2a6fb0', '#c4621b', '#888'];

/** Renders ratios around 1 as SVG: a small chart for each row, with a line for each contender. */
export async function renderRatios(
  title: string,
  comparisons: readonly Comparison[],
): Promise<string> {
  const furthest = comparisons.map(({ lowest, highest }) => Math.max(highest, 1 / lowest));
  const edge = Math.min(axisEnd, Math.max(2, ...furthest));
  const ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10].filter((tick) => tick >= 1 / edge && tick <= edge);
  const rows = [...new Set(comparisons.map(({ row }) => row))];
  // Without `sort: null`, Vega-Lite sorts by name.
  const y = { field: 'contender', type: 'nominal', sort: null, title: null };
  const x = {
    type: 'quantitative',
    scale: { type: 'log', domain: [1 / edge, edge], clamp: true },
    axis: { values: ticks, format: '~g', title: null },
  };
  const isBetter = 'datum.median == 1 || (datum.median < 1) == datum.lessIsBetter';
  const color = { condition: { test: isBetter, value: better }, value: worse };
  return renderSvg({
    title: { text: title, subtitle: 'Blue is better, orange is worse.', anchor: 'start' },
    data: { values: comparisons },
    facet: { field: 'row', type: 'nominal', sort: rows, header: { title: null, labelLimit: 300 } },
    columns: 3,
    spec: {
      width: 240,
      height: { step: 15 },
      layer: [
        { mark: { type: 'rule', color: neutral }, encoding: { x: { datum: 1 } } },
        {
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: { y, x: { ...x, field: 'lowest' }, x2: { field: 'highest' }, color },
        },
        {
          mark: { type: 'point', filled: true, size: 45, opacity: 1 },
          encoding: { y, x: { ...x, field: 'median' }, color },
        },
      ],
    },
    background: 'white',
    padding: 12,
    config: { font: 'system-ui, sans-serif', view: { stroke: '#ddd' }, axis: { labelLimit: 220 } },
  });
}

async function renderSvg(chart: object): Promise<string> {
  // These packages are ES modules, which CommonJS cannot require.
  const [{ compile }, { None, parse, View }] = await Promise.all([
    import('vega-lite'),
    import('vega'),
  ]);
  return new View(parse(compile(chart).spec), { renderer: 'none', logLevel: None }).toSVG();
}
