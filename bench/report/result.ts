import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { contenders } from '../contenders';
import type { Sample } from '../samples';
import type { Servers } from '../servers';

/** What a measure found, with the circumstances that a reader must know. */
export interface Result {
  /** The name of the measure. */
  readonly name: string;
  readonly title: string;
  /** How to read the figures. */
  readonly about: string;
  readonly rounds: number;
  /** The share of the CPU's time that others used, before and after. */
  readonly busy: { readonly before: number; readonly after: number };
  readonly samples: readonly Sample[];
}

export interface SavedResult extends Result {
  /** The day, such as 2026-01-31. */
  readonly date: string;
  readonly machine: string;
  /** Versions by the names of the packages. */
  readonly packages: Readonly<Record<string, string>>;
}

/** Writes a result as JSON, in place of an earlier one of this measure. */
export function saveResult(folder: string, result: Result, servers: Servers): void {
  const saved: SavedResult = {
    ...result,
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(servers),
    packages: packageVersions(),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${result.name}.json`), JSON.stringify(saved, null, 1));
}

function describeMachine(servers: Servers): string {
  const cpu = cpus()[0]?.model.trim() || 'unknown';
  return [
    `${availableParallelism()} cores (${cpu}), ${Math.round(totalmem() / 2 ** 30)} GB`,
    `${type()} ${release().split('-', 1)}, ${process.arch}`,
    `Node.js ${process.versions.node}`,
    Array.from(servers.values(), ({ title }) => title).join(', '),
  ].join(';\n');
}

function packageVersions(): Record<string, string> {
  const names = new Set([
    'express',
    'express-session',
    ...contenders.flatMap(({ packages }) => packages),
  ]);
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const file = join(__dirname, '../node_modules', name, 'package.json');
      return [name, JSON.parse(readFileSync(file, 'utf8')).version];
    }),
  );
}
