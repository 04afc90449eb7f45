'use strict';

const { createHash, randomBytes } = require('node:crypto');
const { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const root = join(__dirname, '../..');
const cacheFolder = join(root, 'node_modules/.cache/ts-node');

/** All that the output depends on, except for the file itself. */
const settings = [
  'tsconfig.json',
  'node_modules/ts-node/package.json',
  'node_modules/typescript/package.json',
].map((file) => readFileSync(join(root, file), 'utf8'));

let compiler;

/**
 * Returns what ts-node makes of a file. A suite has hundreds of processes, and to load ts-node and
 * TypeScript takes each of them a second of CPU time, so the output is kept.
 */
function compile(file) {
  const source = readFileSync(file, 'utf8');
  // A copy that a test makes of the repository has the same files.
  const name = file.replace(/^.*\/edition-[^/]+(?=\/)/, root);
  const key = createHash('sha256')
    .update(JSON.stringify([settings, name, source]))
    .digest('hex');
  const path = join(cacheFolder, `${key}.js`);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    compiler ??= require('ts-node').create({ cwd: root });
    const output = compiler.compile(source, name);
    mkdirSync(dirname(path), { recursive: true });
    // Another process can read the file at any time, so it must appear whole.
    const unfinished = `${path}.${randomBytes(6).toString('hex')}`;
    writeFileSync(unfinished, output);
    renameSync(unfinished, path);
    return output;
  }
}

/**
 * Compiles all files before the processes of a suite need them, which then do not load the
 * compiler. A file that needs other settings is left out: its process reports why.
 */
function compileAll() {
  for (const folder of ['src', 'test', 'examples']) {
    for (const file of readdirSync(join(root, folder), { recursive: true })) {
      try {
        if (/(?<!\.d)\.ts$/.test(file)) compile(join(root, folder, file));
      } catch {}
    }
  }
}

module.exports = { compile };

if (require.main === module) compileAll();
