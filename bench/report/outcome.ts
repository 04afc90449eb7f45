import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartName } from '../arguments';
import { contenders } from '../contenders';
import type { AttributeSamples } from '../measures/attributes';
import type { Context } from '../measures/context';
import type { LayerSample } from '../measures/layers';
import type { LayoutSamples } from '../measures/layout';
import type { PageSample } from '../measures/pages';
import type { ScaleSamples } from '../measures/scale';
import type { StoreSample } from '../measures/store';
import type { Plan } from '../plan';
import { type Machine, thisMachine } from './machine';

/** What each part measures. */
export interface Samples {
  store: StoreSample[];
  layers: LayerSample[];
  pages: PageSample[];
  scale: ScaleSamples;
  layout: LayoutSamples;
  attributes: AttributeSamples;
}

/** What came of a part, with all that one has to know to read it. */
export interface Outcome<Part extends PartName = PartName> {
  readonly part: Part;
  /** The day, as in 2026-01-31. */
  readonly date: string;
  readonly rounds: number;
  readonly machine: Machine;
  readonly servers: readonly string[];
  /** The versions of the packages. */
  readonly packages: Readonly<Record<string, string>>;
  /** Contenders, or servers, that were left out, and why. */
  readonly skipped: Readonly<Record<string, string>>;
  readonly plan: Plan[Part];
  readonly samples: Samples[Part];
}

export async function outcomeOf<Part extends PartName>(
  part: Part,
  { plan, servers }: Context,
  samples: Samples[Part],
): Promise<Outcome<Part>> {
  return {
    part,
    date: new Date().toISOString().slice(0, 10),
    rounds: plan.rounds,
    machine: await thisMachine(),
    servers: [...servers.running.values()].map(({ title }) => title),
    packages: await versions(),
    skipped: skipped(servers),
    plan: plan[part],
    samples,
  };
}

function skipped({ missing }: Context['servers']): Record<string, string> {
  const places = [...contenders, { name: 'The other of MariaDB and MySQL', server: 'counterpart' } as const];
  return Object.fromEntries(
    places.flatMap(({ name, server }) => {
      const reason = server && missing.get(server);
      return reason === undefined ? [] : [[name, reason]];
    }),
  );
}

async function versions(): Promise<Record<string, string>> {
  const names = new Set(['express', 'express-session', ...contenders.flatMap(({ packages }) => packages)]);
  const found = await Promise.all(
    [...names].sort().map(async (name) => {
      const file = join(__dirname, '../node_modules', name, 'package.json');
      const { version } = JSON.parse(await readFile(file, 'utf8'));
      return [name, String(version)] as const;
    }),
  );
  return Object.fromEntries(found);
}
