import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { findMirrors, unpackPackages } from './apt';
import { nestedLibraryFolders } from './package-tree';
import { run } from './system';
import { debianTest, programThatPrints, testFolder } from './test-helpers';

test("The mirrors of Debian are the ones in apt's sources, each once.", async (t) => {
  const aptGet = await aptGetWithSources(t, [
    'http://mirror.example/debian/dists/bookworm/InRelease',
    'http://mirror.example/debian/dists/bookworm/main/binary-amd64/Packages.xz',
    'http://mirror.example/debian/dists/trixie/InRelease',
    'http://security.example/debian-security/dists/bookworm-security/InRelease',
    'mirror+file:/etc/apt/mirrors/debian.list/dists/bookworm/InRelease',
  ]);
  t.deepEqual(await findMirrors(aptGet), [
    'http://mirror.example/debian',
    'mirror+file:/etc/apt/mirrors/debian.list',
  ]);
});

test('The sources of another system have no mirror of Debian.', async (t) => {
  const aptGet = await aptGetWithSources(t, [
    'http://archive.example/ubuntu/dists/noble/InRelease',
  ]);
  await t.throwsAsync(findMirrors(aptGet), {
    message: /none of apt's sources is a mirror of Debian/,
  });
});

function aptGetWithSources(t: ExecutionContext, addresses: string[]): Promise<string> {
  return programThatPrints(
    t,
    'apt-get',
    addresses.map((address) => `'${address}' file 0`).join('\n'),
  );
}

debianTest('A library that is installed is unpacked too.', async (t) => {
  const aptGet = await aptGetWithPackages(t);
  const folder = await testFolder(t);
  await unpackPackages(folder, { aptGet, packages: ['program'], unneeded: [] });
  t.deepEqual(await readdir(folder), ['library', 'program']);
});

debianTest('A package that is not needed is left out.', async (t) => {
  const aptGet = await aptGetWithPackages(t);
  const folder = await testFolder(t);
  await unpackPackages(folder, { aptGet, packages: ['program'], unneeded: [/^lib/] });
  t.deepEqual(await readdir(folder), ['program']);
});

/**
 * Makes an apt-get of a machine that has the package `library`, and not `program`. Each package has
 * one file with its name.
 */
async function aptGetWithPackages(t: ExecutionContext): Promise<string> {
  const folder = await testFolder(t);
  for (const name of ['library', 'program']) {
    const tree = join(folder, name);
    await mkdir(join(tree, 'DEBIAN'), { recursive: true, mode: 0o755 });
    await writeFile(join(tree, name), '');
    await writeFile(
      join(tree, 'DEBIAN/control'),
      `Package: ${name}\nVersion: 1\nArchitecture: all\nMaintainer: none\nDescription: none\n`,
    );
    await run(['dpkg-deb', '--build', tree, join(folder, `${name}.deb`)]);
  }
  const aptGet = join(folder, 'apt-get');
  await writeFile(aptGet, aptGetScript, { mode: 0o755 });
  return aptGet;
}

/** With another status than an empty one, `library` is installed. */
const aptGetScript = `#!/bin/sh
here=$(dirname "$0")
case "$*" in
  *' install '*)
    case "$*" in *Dir::State::status=/dev/null*) echo 'Inst library (1)' ;; esac
    echo 'Inst program (1)'
    ;;
  *' download '*)
    for name do test -e "$here/$name.deb" && cp "$here/$name.deb" .; done
    true
    ;;
esac
`;

test('Libraries are loaded from subfolders, but only from ones that have libraries.', async (t) => {
  const tree = await testFolder(t);
  const libraries = 'usr/lib/x86_64-linux-gnu';
  for (const name of [
    'libpulse.so.0',
    'pulseaudio/libpulsecommon-16.1.so',
    'gtk-3.0/gtk.immodules',
  ]) {
    const file = join(tree, libraries, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
  }
  t.deepEqual(await nestedLibraryFolders(tree), [libraries, `${libraries}/pulseaudio`]);
});
