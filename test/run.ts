import { access, constants, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bootNamed,
  type Flavor,
  findServer,
  parseServerName,
  type Server,
  type ServerName,
  serverNames,
} from './support/servers';
import { runForeground } from './support/servers/supervisor';

/** The default files: all tests except the slow fault tests. */
const allTests = 'test/**/*.test.ts';

const ava = join(__dirname, '../node_modules/.bin/ava');

/** The folder where Linux keeps files in memory. */
const sharedMemory = '/dev/shm';

/** Several times the bytes that a run and its servers need. */
const sufficientMemory = 4 * 2 ** 30;

/**
 * Usage: test/run.ts [--server NAME | --servers] [arguments of AVA]
 * Tests on the default server, on a named server, or on all named servers in turn.
 */
async function main(parameters: readonly string[]): Promise<number> {
  if (await hasSharedMemory()) process.env.TMPDIR = sharedMemory;
  const [option, name = '', ...rest] = parameters;
  if (option === '--servers') return testOnAll(parameters.slice(1));
  if (option !== '--server') return testOn(await findServer(), parameters);
  const serverName = parseServerName(name);
  return testOn(await bootNamed(serverName), rest, serverName);
}

/** Temporary files in memory are faster than on a busy disk. */
async function hasSharedMemory(): Promise<boolean> {
  try {
    await access(sharedMemory, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(sharedMemory);
    return bavail * bsize >= sufficientMemory;
  } catch {
    return false;
  }
}

async function testOnAll(parameters: readonly string[]): Promise<number> {
  const outcomes: Outcome[] = [];
  for (const name of serverNames) {
    const server = await bootNamed(name).catch((error: Error) => error);
    if (server instanceof Error) {
      outcomes.push({ name, result: 'missing', remark: server.message });
      continue;
    }
    const { flavor, origin } = server;
    const code = await testOn(server, parameters, name);
    // A developer who interrupts a run does not want the next one.
    if (code > 128) return code;
    outcomes.push({ name, flavor, result: code === 0 ? 'passed' : 'failed', remark: origin });
  }
  const overall = overallResult(outcomes);
  console.log(`\n${formatOutcomes(outcomes)}\nOverall: ${overall}.`);
  return overall === 'passed' ? 0 : 1;
}

async function testOn(
  server: Server,
  parameters: readonly string[],
  name?: ServerName,
): Promise<number> {
  console.log(`Testing on ${server.flavor}: ${server.origin}.`);
  try {
    const hasFiles = parameters.some((parameter) => parameter.startsWith('test/'));
    return await runForeground([ava, ...parameters, ...(hasFiles ? [] : [allTests])], {
      ...process.env,
      MYSQL_URL: server.url,
      // Node.js crashes if a process reads ts-node's cache while another one writes it.
      DISABLE_V8_COMPILE_CACHE: '1',
      ...(name ? { TEST_SERVER: name } : {}),
      ...(server.client ? { TEST_CLIENT: JSON.stringify(server.client) } : {}),
    });
  } finally {
    await server.stop();
  }
}

/** The outcome of a run on a named server. */
export interface Outcome {
  readonly name: ServerName;
  /** `undefined` if no server was found. */
  readonly flavor?: Flavor;
  readonly result: 'passed' | 'failed' | 'missing';
  /** Where the server came from, or why it is missing. */
  readonly remark: string;
}

/** Formats a table. A remark with several lines stays in its column. */
export function formatOutcomes(outcomes: readonly Outcome[]): string {
  const width = Math.max(...serverNames.map((name) => name.length));
  const lines = outcomes.map(({ name, result, remark }) => {
    const start = `${result.padEnd('missing'.length)}  ${name.padEnd(width)}  `;
    return start + remark.replaceAll('\n', `\n${' '.repeat(start.length)}`);
  });
  return lines.join('\n');
}

/** A server can be missing, but the tests must pass on both flavors. */
export function overallResult(
  outcomes: readonly Outcome[],
): 'passed' | 'failed' | 'not enough servers' {
  if (outcomes.some(({ result }) => result === 'failed')) return 'failed';
  const passed = outcomes.filter(({ result }) => result === 'passed');
  const flavors = new Set(passed.map(({ flavor }) => flavor));
  return flavors.size === 2 ? 'passed' : 'not enough servers';
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
