import type { PartName } from './arguments';
import { measureAttributes } from './measures/attributes';
import type { Context } from './measures/context';
import { measureLayers } from './measures/layers';
import { measureLayout } from './measures/layout';
import { measurePages } from './measures/pages';
import { measureScale } from './measures/scale';
import { measureStore } from './measures/store';
import { presentAttributes } from './report/attributes';
import { presentLayers } from './report/layers';
import { presentLayout } from './report/layout';
import type { Outcome, Samples } from './report/outcome';
import { presentPages } from './report/pages';
import type { Presentation } from './report/presentation';
import { presentScale } from './report/scale';
import { presentStore } from './report/store';
import type { ServerKind } from './servers';

interface Part<Name extends PartName> {
  /** The servers that its contenders are on. */
  readonly servers: readonly ServerKind[];
  readonly measure: (context: Context) => Promise<Samples[Name]>;
  readonly present: (outcome: Outcome<Name>) => Presentation;
}

export const parts: { readonly [Name in PartName]: Part<Name> } = {
  store: { servers: ['mysql', 'redis', 'postgresql'], measure: measureStore, present: presentStore },
  layers: { servers: ['mysql'], measure: measureLayers, present: presentLayers },
  pages: { servers: ['mysql', 'redis', 'postgresql'], measure: measurePages, present: presentPages },
  scale: { servers: ['mysql', 'postgresql'], measure: measureScale, present: presentScale },
  layout: { servers: ['mysql'], measure: measureLayout, present: presentLayout },
  attributes: {
    servers: ['mysql', 'counterpart'],
    measure: measureAttributes,
    present: presentAttributes,
  },
};
