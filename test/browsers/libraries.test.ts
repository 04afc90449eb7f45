import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { testFolder } from '../servers/helpers/folder';
import { loadableFolders } from './libraries';

test("a library's own folder is loaded from too, and a folder without libraries is not", async (t) => {
  const tree = await testFolder(t);
  const libraries = 'usr/lib/x86_64-linux-gnu';
  for (const file of ['libpulse.so.0', 'pulseaudio/libpulsecommon-16.1.so', 'gtk-3.0/gtk.immodules']) {
    await mkdir(join(tree, libraries, dirname(file)), { recursive: true });
    await writeFile(join(tree, libraries, file), '');
  }
  t.deepEqual(await loadableFolders(tree), [libraries, `${libraries}/pulseaudio`]);
});
