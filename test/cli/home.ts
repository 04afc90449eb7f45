import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '../support/scope';

/** Creates a home folder, with `.my.cnf` if there is a text for it. Returns its path. */
export function createHome(scope: Scope, optionFile?: string): string {
  const home = mkdtempSync(join(tmpdir(), 'home-'));
  scope.teardown(() => rmSync(home, { recursive: true }));
  if (optionFile !== undefined) {
    writeFileSync(join(home, '.my.cnf'), optionFile, { mode: 0o600 });
  }
  return home;
}
