import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cLibrary, readSystemName, unpackPackages } from '../servers/apt';
import { cached, runExclusive } from '../servers/cache';
import { nestedLibraryFolders } from '../servers/package-tree';
import { run } from '../servers/system';

/** A browser's program, and how to run it. */
export interface BrowserProgram {
  readonly path: string;
  /** Variables to add to this process's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** The generic font families and the unpacked fonts that they select. */
export const fontFamilies = {
  'sans-serif': 'DejaVu Sans',
  serif: 'DejaVu Serif',
  monospace: 'DejaVu Sans Mono',
};

const fontFolder = 'usr/share/fonts/truetype/dejavu';

const packages = [
  // It has no window, and takes a third of the CPU time.
  'chromium-headless-shell',
  // A library of Chromium loads this one if the machine has it.
  'libwayland-client0',
  // This matches all packages of the font.
  '^fonts-dejavu-(core|mono)$',
];

/** Files of these packages. The cache must not keep a tree without them. */
const requiredFiles = [
  'usr/lib/chromium/icudtl.dat',
  'usr/lib/chromium/resources.pak',
  `${fontFolder}/DejaVuSans.ttf`,
  `${fontFolder}/DejaVuSerif.ttf`,
  `${fontFolder}/DejaVuSansMono.ttf`,
];

/**
 * Unpacks this system's Chromium into the cache, with fonts and all libraries except the C library.
 * Needs no root and installs nothing.
 */
export async function unpackChromium(aptGet: string): Promise<BrowserProgram> {
  await run([aptGet, '--version']);
  const name = `chromium-headless-shell-${await readSystemName()}`;
  // Without the lock, several processes would download a hundred megabytes each.
  const tree = await runExclusive(name, () => cached(name, (folder) => fillTree(folder, aptGet)));
  return programIn(tree);
}

async function fillTree(tree: string, aptGet: string): Promise<void> {
  await unpackPackages(tree, {
    aptGet,
    packages,
    // Drivers and parts of a desktop. A browser without a window never uses them.
    unneeded: [cLibrary, /^(adwaita-icon-theme|libgl1-mesa-dri|libllvm|libz3|mesa-|systemd)/],
  });
  await writeFontSettings(tree);
  for (const file of requiredFiles) await access(join(tree, file));
  const { path, env } = await programIn(tree);
  await run([path, '--version'], { env: { ...process.env, ...env } });
}

async function programIn(tree: string): Promise<BrowserProgram> {
  const folders = (await nestedLibraryFolders(tree)).map((folder) => join(tree, folder));
  return {
    path: join(tree, 'usr/lib/chromium/chromium-headless-shell'),
    env: {
      // Only this program gets the libraries, because other programs may need different ones.
      LD_LIBRARY_PATH: folders.join(':'),
      FONTCONFIG_FILE: join(tree, 'fonts.conf'),
    },
  };
}

/**
 * Selects the fonts of the tree and no others, so pages look the same on every machine. The font
 * folder is relative to the settings, because the cache renames a complete tree.
 */
async function writeFontSettings(tree: string): Promise<void> {
  const aliases = Object.entries(fontFamilies).map(
    ([generic, family]) =>
      `  <alias><family>${generic}</family><prefer><family>${family}</family></prefer></alias>`,
  );
  const settings = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    `  <dir prefix="relative">${fontFolder}</dir>`,
    '  <cachedir prefix="xdg">fontconfig</cachedir>',
    ...aliases,
    '</fontconfig>',
    '',
  ];
  await writeFile(join(tree, 'fonts.conf'), settings.join('\n'));
}
