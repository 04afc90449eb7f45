import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');
const modules = join(__dirname, 'node_modules');

/** Installs the peers where the lock file asks for others than are here, and puts this package beside them. */
async function prepare(): Promise<void> {
  // npm writes this file at the end of an installation.
  const installed = await timeOf(join(modules, '.package-lock.json'));
  const wanted = await timeOf(join(__dirname, 'package-lock.json'));
  if (installed === 0 || installed < wanted) {
    execFileSync('npm', ['ci', '--prefix', __dirname, '--no-audit', '--no-fund'], { stdio: 'inherit' });
  }
  await putPackage(join(modules, 'knex-mysql-session'));
}

/** The package as it would be published: beside the peers, it works with the very express-session and knex that they do. */
async function putPackage(folder: string): Promise<void> {
  const manifest: { files: string[]; dependencies: Record<string, string> } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  );
  await rm(folder, { recursive: true, force: true });
  for (const name of ['package.json', ...manifest.files]) {
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
}

async function timeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

prepare().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
