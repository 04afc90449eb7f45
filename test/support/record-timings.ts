import { appendFileSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** What one test file took. */
export interface FileTiming {
  readonly file: string;
  /** Seconds from the start of its process to the end. */
  readonly wall: number;
  /** Seconds of CPU time, with the processes that it started and waited for. */
  readonly cpu: number;
}

/** CPU seconds of the ended children. Only Linux tells. */
function childSeconds(): number {
  try {
    const [, fields = ''] = readFileSync('/proc/self/stat', 'utf8').split(') ');
    const [user = 0, system = 0] = fields.split(' ').slice(13, 15).map(Number);
    const ticksPerSecond = 100;
    return (user + system) / ticksPerSecond;
  } catch {
    return 0;
  }
}

function record(path: string): void {
  const { meta } = require('ava').default as { meta: { file: string } };
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const timing: FileTiming = {
    file: relative(process.cwd(), new URL(meta.file).pathname),
    wall: process.uptime(),
    cpu: (userCPUTime + systemCPUTime) / 1e6 + childSeconds(),
  };
  appendFileSync(path, `${JSON.stringify(timing)}\n`);
}

// AVA requires this file in the process of each test file. test/run.ts reads the results.
const { TEST_TIMINGS } = process.env;
if (TEST_TIMINGS) process.once('exit', () => record(TEST_TIMINGS));
