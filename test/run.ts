import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { failuresIn } from './support/failures';
import {
  bootNamed,
  type Flavor,
  findServer,
  parseServerName,
  provenServers,
  type Server,
  type ServerName,
  serverNames,
} from './support/servers';
import {
  bootProxy,
  type ProxyName,
  type ProxyServer,
  parseProxyName,
  proxyNames,
} from './support/servers/proxies';
import { runForeground } from './support/servers/supervisor';
import { hasSharedMemory, sharedMemory } from './support/servers/system';
import { checkStatements, statementLogFlags } from './support/statement-log';
import { formatTimings, readTimings } from './support/timings';

const usage = `Usage: npm run test:suite -- [--full] [--server NAME]... [--proxy NAME] [--timings] [AVA's arguments]
  --full         test every case, and more random ones; without --server, on every server
  --server NAME  test on this server: ${serverNames.join(', ')}
  --proxy NAME   connect through this proxy: ${proxyNames.join(', ')}
  --timings      print the slowest files and tests at the end`;

// A full run has all tests.
const defaultFiles = ['test/**/*.test.ts', '!test/**/*.full.test.ts'];
const allFiles = ['test/**/*.test.ts'];

/** How many files run at once. One more than cores: many tests wait for the server. */
const concurrency = availableParallelism() + 1;

/** Spares a server some work. A full run leaves its defaults alone. */
const fastFlags = ['--skip-log-bin', '--innodb-doublewrite=OFF'];

const bootOptions = ({ full }: RunOptions) => ({
  flags: [...statementLogFlags, ...(full ? [] : fastFlags)],
});

const ava = join(__dirname, '../node_modules/.bin/ava');

export interface RunOptions {
  readonly full: boolean;
  readonly timings: boolean;
  /** The servers to test on in turn. Empty for the first one found. */
  readonly servers: readonly ServerName[];
  /** The proxy in front of the server under test. A test can still boot a server without one. */
  readonly proxy?: ProxyName;
  readonly avaArguments: readonly string[];
}

/** Parses a command line. What it does not know is for AVA. */
export function parseRunOptions(parameters: readonly string[]): RunOptions {
  const servers: ServerName[] = [];
  const avaArguments: string[] = [];
  let [full, timings] = [false, false];
  let proxy: ProxyName | undefined;
  for (let index = 0; index < parameters.length; index++) {
    const parameter = String(parameters[index]);
    if (parameter === '--full') full = true;
    else if (parameter === '--timings') timings = true;
    else if (parameter === '--server') servers.push(parseServerName(parameters[++index] ?? ''));
    else if (parameter === '--proxy') proxy = parseProxyName(parameters[++index] ?? '');
    else avaArguments.push(parameter);
  }
  // AVA takes the option once. The fault tests run one file at a time.
  if (!avaArguments.some((argument) => argument.startsWith('--concurrency='))) {
    avaArguments.unshift(`--concurrency=${concurrency}`);
  }
  return {
    full,
    timings,
    servers: full && servers.length === 0 ? provenServers : servers,
    avaArguments,
    ...(proxy ? { proxy } : {}),
  };
}

async function main(parameters: readonly string[]): Promise<number> {
  if (parameters.includes('--help')) {
    console.log(usage);
    return 0;
  }
  // Temporary files in memory are faster than on a busy disk.
  if (await hasSharedMemory()) process.env.TMPDIR = sharedMemory;
  const options = parseRunOptions(parameters);
  // One process compiles for all.
  spawnSync(process.execPath, [join(__dirname, 'support/compile.cjs')]);
  const [only, ...others] = options.servers;
  if (others.length > 0) return testOnAll(options);
  const server = await (only
    ? bootNamed(only, bootOptions(options))
    : findServer(bootOptions(options)));
  return (await testOn(server, options, only)).code;
}

async function testOnAll(options: RunOptions): Promise<number> {
  const outcomes: Outcome[] = [];
  for (const name of options.servers) {
    const server = await bootNamed(name, bootOptions(options)).catch((error: Error) => error);
    if (server instanceof Error) {
      outcomes.push({ name, result: 'missing', remark: server.message });
      continue;
    }
    const { flavor, origin } = server;
    const { code, failures } = await testOn(server, options, name);
    // A developer who interrupts a run does not want the next one.
    if (code > 128) return code;
    const result = code === 0 ? 'passed' : 'failed';
    outcomes.push({ name, flavor, result, remark: origin, failures });
  }
  for (const { name, failures } of outcomes) {
    if (failures) console.log(`\nFailed on ${name}:\n${failures}`);
  }
  const overall = overallResult(outcomes);
  console.log(`\n${formatOutcomes(outcomes)}\nOverall: ${overall}.`);
  return overall === 'passed' ? 0 : 1;
}

interface RunResult {
  /** The exit code. */
  readonly code: number;
  /** What failed, to be printed again after other runs. Empty without failures. */
  readonly failures: string;
}

async function testOn(
  server: Server,
  { full, timings, servers, avaArguments, proxy: proxyName }: RunOptions,
  name?: ServerName,
): Promise<RunResult> {
  const through = proxyName ? ` Through ${proxyName}.` : '';
  console.log(`Testing on ${server.flavor}: ${server.origin}.${through}`);
  const files = full ? allFiles : defaultFiles;
  const isWhole = !avaArguments.some((argument) => argument.startsWith('test/'));
  const isOneOfSeveral = servers.length > 1;
  const folder = await mkdtemp(join(tmpdir(), 'kms-run-'));
  let proxy: ProxyServer | undefined;
  try {
    proxy = proxyName && (await bootProxy(proxyName, [server]));
    const { code, output } = await runForeground(
      [ava, ...avaArguments, ...(isWhole ? files : [])],
      {
        ...process.env,
        MYSQL_URL: proxy?.url ?? server.url,
        ...(full ? { TEST_FULL: '1' } : {}),
        ...(timings ? { TEST_TIMINGS: join(folder, 'timings') } : {}),
        ...(name ? { TEST_SERVER: name } : {}),
        ...(server.client ? { TEST_CLIENT: JSON.stringify(server.client) } : {}),
      },
      { keepOutput: timings || isOneOfSeveral },
    );
    if (timings) console.log(formatTimings(await readTimings(join(folder, 'timings')), output));
    if (code === 0) return await checkLog(server.url, isWhole);
    return { code, failures: failuresIn(output) };
  } finally {
    await rm(folder, { recursive: true });
    await proxy?.stop();
    await server.stop();
  }
}

/** Checks that the stores of all tests sent only calls of routines. */
async function checkLog(url: string, isWhole: boolean): Promise<RunResult> {
  const check = await checkStatements(url);
  if (!check) {
    console.log('This server keeps no log of statements, so what the stores sent is not checked.');
    return { code: 0, failures: '' };
  }
  const { calls, others } = check;
  // Fault tests boot separate servers.
  if (!isWhole && calls === 0 && others.length === 0) return { code: 0, failures: '' };
  const report = [
    `The stores sent ${calls} calls of routines, and ${others.length} other statements.`,
    ...others.map((statement) => `  ${statement}`),
  ].join('\n');
  console.log(report);
  // Without calls, the log was off, or the names of the accounts have changed.
  const hasFailed = others.length > 0 || (isWhole && calls === 0);
  return hasFailed ? { code: 1, failures: report } : { code: 0, failures: '' };
}

/** The outcome of a run on a named server. */
export interface Outcome {
  readonly name: ServerName;
  /** `undefined` if no server was found. */
  readonly flavor?: Flavor;
  readonly result: 'passed' | 'failed' | 'missing';
  /** Where the server came from, or why it is missing. */
  readonly remark: string;
  readonly failures?: string;
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

/** A server can be missing if the tests pass on both flavors without it. */
export function overallResult(
  outcomes: readonly Outcome[],
): 'passed' | 'failed' | 'not enough servers' {
  if (outcomes.some(({ result }) => result === 'failed')) return 'failed';
  const passed = outcomes.filter(({ result }) => result === 'passed');
  if (passed.length === outcomes.length) return 'passed';
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
