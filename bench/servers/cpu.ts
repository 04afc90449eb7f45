import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second, whatever its own clock. */
const millisecondsPerTick = 10;

interface Process {
  readonly parent: number;
  readonly milliseconds: number;
}

/** The CPU time that a process and its descendants took so far, in milliseconds; undefined where nobody tells. */
export function cpuOf(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  const all = processes();
  let total = 0;
  const family = [pid];
  for (const member of family) {
    total += all.get(member)?.milliseconds ?? 0;
    for (const [child, { parent }] of all) {
      if (parent === member) family.push(child);
    }
  }
  return total;
}

function processes(): Map<number, Process> {
  const all = new Map<number, Process>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      all.set(Number(name), parse(readFileSync(`/proc/${name}/stat`, 'utf8')));
    } catch {
      // It ended meanwhile.
    }
  }
  return all;
}

// https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the name, in parentheses, may hold anything. What
// children that have ended took is in the last two.
function parse(stat: string): Process {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), milliseconds: ticks * millisecondsPerTick };
}
