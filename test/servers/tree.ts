import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The flags by which a server finds its files in a folder that packages were unpacked into. */
export async function layoutOf(tree: string): Promise<string[]> {
  const share = await shareFolder(tree);
  return [
    `--basedir=${join(tree, 'usr')}`,
    `--lc-messages-dir=${share}`,
    `--character-sets-dir=${join(share, 'charsets')}`,
    `--plugin-dir=${join(tree, 'usr/lib/mysql/plugin')}`,
  ];
}

/** Its name depends on the release. */
async function shareFolder(tree: string): Promise<string> {
  const names = await readdir(join(tree, 'usr/share'));
  return join(tree, 'usr/share', names.includes('mariadb') ? 'mariadb' : 'mysql');
}

/** Folders of the tree such as usr/lib/x86_64-linux-gnu and, in releases that still have it, the same in /lib. */
export async function libraryFolders(tree: string): Promise<string[]> {
  const folders: string[] = [];
  for (const parent of ['usr/lib', 'lib']) {
    const names = await readdir(join(tree, parent)).catch(() => []);
    folders.push(...names.filter((name) => name.includes('-linux-')).map((name) => join(parent, name)));
  }
  return folders;
}
