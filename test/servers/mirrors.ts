import { run } from './command';

/**
 * Where this machine takes Debian's packages from: the mirrors that apt is set up for, in whatever format. Another
 * archive may be called Debian too; only the signature of what it has can tell.
 */
export async function debianMirrors(aptGet: string): Promise<string[]> {
  const plan = await run([aptGet, 'update', '--print-uris']);
  // A suite with a dash is an addition, such as bookworm-security, which has an archive of its own at times.
  const releases = plan.matchAll(/^'(\S*debian\S*?)\/dists\/[^/'-]+\/InRelease'/gm);
  const mirrors = new Set([...releases].flatMap(([, mirror]) => mirror ?? []));
  if (mirrors.size === 0) throw new Error("none of apt's sources is a mirror of Debian");
  return [...mirrors];
}
