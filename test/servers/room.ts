import { tmpdir } from 'node:os';
import { run } from './command';
import type { User } from './user';

// The path of a socket has at most 104 bytes on some systems; this leaves room for the names below.
const longest = 60;

/** A folder for short-lived directories, in which the user may make one and whose path suits a Unix socket. */
export async function roomFor(user: User | undefined): Promise<string> {
  const own = tmpdir();
  if (own.length > longest) return '/tmp';
  return run(['test', '-w', own, '-a', '-x', own], { user }).then(
    () => own,
    () => '/tmp',
  );
}
