import { type Chart, colors } from './charts';
import type { Spread } from './statistics';

/** One ratio of a chart: which row and column of small charts it stands in, and beside which name. */
export interface RatioPoint extends Spread {
  readonly name: string;
  readonly row: string;
  readonly column: string;
}

/** Ratios that are further from 1 than this stand at the edge, or nobody could tell the others apart. */
const furthest = 10;

/** Ratios on a logarithmic scale around 1, each with the spread of its rounds. */
export function ratioChart(title: string, axis: string, points: readonly RatioPoint[]): Chart {
  const isBetter = { condition: { test: 'datum.median >= 1', value: colors.better }, value: colors.worse };
  const edge = edgeOf(points);
  const ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10].filter((tick) => tick >= 1 / edge && tick <= edge);
  const order = (key: 'name' | 'row' | 'column') => [...new Set(points.map((point) => point[key]))];
  return {
    title: { text: title, anchor: 'start' },
    data: { values: [...points] },
    facet: {
      row: {
        field: 'row',
        type: 'nominal',
        sort: order('row'),
        header: { labelOrient: 'top', labelAnchor: 'start', labelPadding: 4 },
      },
      column: { field: 'column', type: 'nominal', sort: order('column') },
    },
    spacing: { row: 20 },
    spec: {
      width: 240,
      height: { step: 15 },
      layer: [
        { mark: { type: 'rule', color: colors.base }, encoding: { x: { datum: 1 } } },
        {
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: {
            y: { field: 'name', type: 'nominal', sort: order('name'), title: null },
            x: {
              field: 'lowest',
              type: 'quantitative',
              scale: { type: 'log', domain: [1 / edge, edge], clamp: true },
              title: axis,
              axis: { values: ticks, format: '~g' },
            },
            x2: { field: 'highest' },
            color: isBetter,
          },
        },
        {
          mark: { type: 'point', filled: true, size: 45, opacity: 1 },
          encoding: {
            y: { field: 'name', type: 'nominal', sort: order('name') },
            x: { field: 'median', type: 'quantitative' },
            color: isBetter,
          },
        },
      ],
    },
  } as Chart;
}

function edgeOf(points: readonly RatioPoint[]): number {
  const distances = points.map(({ lowest, highest }) => Math.max(highest, 1 / lowest));
  return Math.min(furthest, Math.max(2, ...distances));
}
