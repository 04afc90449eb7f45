import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the package has its fonts. */
export const fontsIn = 'usr/share/fonts/truetype/dejavu';

export const families = { 'sans-serif': 'DejaVu Sans', serif: 'DejaVu Serif', monospace: 'DejaVu Sans Mono' };

/**
 * Settings with the tree's fonts and no others: pages look the same whatever the machine has, and it may have none.
 * The folder is relative to the settings, as the tree is moved when it is whole.
 */
export async function writeFontSettings(tree: string): Promise<void> {
  const aliases = Object.entries(families).map(
    ([generic, family]) =>
      `  <alias><family>${generic}</family><prefer><family>${family}</family></prefer></alias>`,
  );
  const settings = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    `  <dir prefix="relative">${fontsIn}</dir>`,
    '  <cachedir prefix="xdg">fontconfig</cachedir>',
    ...aliases,
    '</fontconfig>',
    '',
  ];
  await writeFile(join(tree, 'fonts.conf'), settings.join('\n'));
}
