'use strict';

const { createHash, randomBytes } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const root = join(__dirname, '../..');
const cacheFolder = join(root, 'node_modules/.cache/ts-node');

/** All that the output depends on, except for the file itself. */
const settings = [
  'tsconfig.json',
  'node_modules/ts-node/package.json',
  'node_modules/@swc/core/package.json',
].map((file) => readFileSync(join(root, file), 'utf8'));

let compiler;

/**
 * Returns what ts-node makes of a file. A suite has hundreds of processes, and to load ts-node and
 * TypeScript takes each of them a second of CPU time, so the output is kept.
 */
function compile(file) {
  const source = readFileSync(file, 'utf8');
  const key = createHash('sha256')
    .update(JSON.stringify([settings, file, source]))
    .digest('hex');
  const path = join(cacheFolder, `${key}.js`);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    compiler ??= require('ts-node').create({ cwd: root });
    const output = compiler.compile(source, file);
    mkdirSync(dirname(path), { recursive: true });
    // Another process can read the file at any time, so it must appear whole.
    const unfinished = `${path}.${randomBytes(6).toString('hex')}`;
    writeFileSync(unfinished, output);
    renameSync(unfinished, path);
    return output;
  }
}

require.extensions['.ts'] = (module, file) => module._compile(compile(file), file);
