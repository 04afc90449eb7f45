import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { unpack } from '../servers/apt';
import { cached } from '../servers/cache';
import { run } from '../servers/command';
import { fontsIn, writeFontSettings } from './fonts';
import { loadableFolders } from './libraries';
import { checked, type Program } from './program';
import { inTurn } from './turn';

/**
 * Chromium from this system's packages, unpacked into the cache together with a font and the libraries that this
 * machine lacks. Nothing is installed, and no more rights are needed than to write to the cache.
 */
export async function debianChromium(aptGet: string): Promise<Program> {
  await run([aptGet, '--version']);
  const name = `chromium-${await release()}`;
  // The cache alone would let every process fetch that finds it empty, and this is a hundred megabytes.
  return programIn(await inTurn(name, () => cached(name, (folder) => fill(folder, aptGet))));
}

/** A tree holds what one release on one architecture lacked, so it fits no other. */
async function release(): Promise<string> {
  const script = '. /etc/os-release && echo "$ID-$VERSION_CODENAME-$(dpkg --print-architecture)"';
  return (await run(['sh', '-c', script])).trim();
}

async function fill(folder: string, aptGet: string): Promise<void> {
  await unpack(folder, {
    aptGet,
    packages: ['chromium', 'fonts-dejavu-core'],
    // Drivers and parts of a desktop, which a small machine lacks and a browser without a window never uses.
    needless: /^(adwaita-icon-theme|libgl1-mesa-dri|libllvm|libz3|mesa-|systemd)/,
  });
  await writeFontSettings(folder);
  // Nothing that is not whole may be kept.
  await access(join(folder, fontsIn, 'DejaVuSans.ttf'));
  await checked(await programIn(folder));
}

async function programIn(tree: string): Promise<Program> {
  return {
    path: join(tree, 'usr/lib/chromium/chromium'),
    env: {
      // Given to this program only, as the tree's libraries need not suit others.
      LD_LIBRARY_PATH: (await loadableFolders(tree)).map((folder) => join(tree, folder)).join(':'),
      FONTCONFIG_FILE: join(tree, 'fonts.conf'),
    },
  };
}
