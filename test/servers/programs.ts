import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

/** Where server programs are: many systems keep them out of an ordinary user's PATH. */
export function programFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  return [
    ...(env.PATH ?? '').split(delimiter).filter(Boolean),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/libexec',
    ...['/opt/homebrew', '/usr/local'].flatMap((homebrew) => [
      `${homebrew}/bin`,
      `${homebrew}/opt/mariadb/bin`,
      `${homebrew}/opt/mysql/bin`,
    ]),
  ];
}

/** The folders that may hold what belongs to a program, nearest first. */
export function foldersNear(program: string): string[] {
  const home = dirname(dirname(program));
  return [dirname(program), join(home, 'bin'), join(home, 'scripts')];
}

/** The programs of these names, each once, whatever links lead to it. */
export async function findPrograms(names: readonly string[], folders: readonly string[]): Promise<string[]> {
  const programs = new Set<string>();
  for (const name of names) {
    for (const folder of folders) {
      const program = await executable(join(folder, name));
      if (program) programs.add(program);
    }
  }
  return [...programs];
}

async function executable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    return await realpath(path);
  } catch {
    return undefined;
  }
}
