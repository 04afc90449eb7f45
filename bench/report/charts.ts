import type { TopLevelSpec } from 'vega-lite';

export type Chart = TopLevelSpec;

/** Renders a chart as SVG, without any browser. */
export async function render(chart: Chart): Promise<string> {
  // These packages are ES modules that can't be required.
  const [{ compile }, { None, parse, View }] = await Promise.all([import('vega-lite'), import('vega')]);
  const { spec } = compile({
    ...chart,
    background: 'white',
    padding: 12,
    config: {
      font: 'system-ui, sans-serif',
      view: { stroke: '#ddd' },
      axis: { labelLimit: 220, titleFontWeight: 'normal' },
      header: { labelFontSize: 12, labelFontWeight: 'bold', labelLimit: 300, title: null },
      legend: { title: null, labelLimit: 300 },
    },
  } as Chart);
  return new View(parse(spec), { renderer: 'none', logLevel: None }).toSVG();
}

export const colors = { better: '#2a6fb0', worse: '#c4621b', base: '#888' };
