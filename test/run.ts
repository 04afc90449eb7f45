import { join } from 'node:path';
import { memoryFolder } from './memory';
import { bootNamed, findServer, type Server, type ServerName, serverName, serverNames } from './servers';
import { runGuarded } from './servers/guarded';
import { type Outcome, table, verdict } from './servers/outcomes';

/** What runs where no files are named: all but the fault tests, which take their time. */
const suite = 'test/**/*.test.ts';

const ava = join(__dirname, '../node_modules/.bin/ava');

/**
 * Usage: test/run.ts [--server NAME | --servers] [arguments of AVA]
 * Tests on the default server, on a named one, or on every named one in turn.
 */
async function main(parameters: readonly string[]): Promise<number> {
  const memory = await memoryFolder();
  if (memory) process.env.TMPDIR = memory;
  const [option, typed = '', ...rest] = parameters;
  if (option === '--servers') return testOnEach(parameters.slice(1));
  if (option !== '--server') return testOn(await findServer(), parameters);
  const name = serverName(typed);
  return testOn(await bootNamed(name), rest, name);
}

async function testOnEach(parameters: readonly string[]): Promise<number> {
  const outcomes: Outcome[] = [];
  for (const name of serverNames) {
    const server = await bootNamed(name).catch((error: Error) => error);
    if (server instanceof Error) {
      outcomes.push({ name, result: 'absent', remark: server.message });
      continue;
    }
    const code = await testOn(server, parameters, name);
    // Whoever interrupts a run does not want the next.
    if (code > 128) return code;
    outcomes.push({ name, result: code === 0 ? 'green' : 'red', remark: server.origin });
  }
  const together = verdict(outcomes);
  console.log(`\n${table(outcomes)}\nAll together: ${together}.`);
  return together === 'green' ? 0 : 1;
}

async function testOn(server: Server, parameters: readonly string[], name?: ServerName): Promise<number> {
  console.log(`Testing on ${server.flavor}: ${server.origin}.`);
  try {
    const namesFiles = parameters.some((parameter) => parameter.startsWith('test/'));
    return await runGuarded([ava, ...parameters, ...(namesFiles ? [] : [suite])], {
      ...process.env,
      MYSQL_URL: server.url,
      // ts-node's cache is one file for all processes: read while another one writes it, it crashes Node.js.
      DISABLE_V8_COMPILE_CACHE: '1',
      ...(name ? { TEST_SERVER: name } : {}),
      ...(server.client ? { TEST_CLIENT: JSON.stringify(server.client) } : {}),
    });
  } finally {
    await server.stop();
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
