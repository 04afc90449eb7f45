import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');
const modules = join(__dirname, 'node_modules');

// npm writes node_modules/.package-lock.json at the end of an installation.
const installed = modifiedAt(join(modules, '.package-lock.json'));
if (installed === 0 || installed < modifiedAt(join(__dirname, 'package-lock.json'))) {
  const npm = ['ci', '--prefix', __dirname, '--no-audit', '--no-fund'];
  execFileSync('npm', npm, { stdio: 'inherit' });
}
copyPackage(join(modules, 'knex-mysql-session'));

/**
 * Copies the built package beside its peers, as npm would install it. It thus uses the same copies
 * of express-session, knex and mysql2 as the peers do.
 */
function copyPackage(folder: string): void {
  const manifest: { files: string[]; dependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  rmSync(folder, { recursive: true, force: true });
  // npm's list also names what to leave out, with an exclamation mark.
  const names = manifest.files.filter((name) => !name.startsWith('!'));
  for (const name of ['package.json', ...names]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
}

/** Returns the time of the last change of a file, and 0 if the file does not exist. */
function modifiedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
