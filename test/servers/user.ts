import { run } from './command';

export interface User {
  uid: number;
  gid: number;
}

/**
 * Whom a server runs as. MariaDB and MySQL refuse to run as root, so root lends them to nobody; anyone else
 * runs them as themselves (undefined).
 */
export async function serverUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all([run(['id', '-u', 'nobody']), run(['id', '-g', 'nobody'])]);
  return { uid: Number(uid), gid: Number(gid) };
}
