import { type Asked, type PartName, parse, usage } from './arguments';
import { parts } from './parts';
import { writePart, writeReach } from './report/folder';
import type { Outcomes } from './report/goals';
import { type Outcome, outcomeOf } from './report/outcome';
import type { Presentation } from './report/presentation';
import { presentReach } from './report/reach';
import { bootServers } from './servers';

/** `npm run bench -- [store] [layers] [pages] [scale] [layout] [attributes] [--quick]`: measures, and writes or prints what came of it. */
async function main(asked: Asked): Promise<void> {
  const outcomes: Outcomes = {};
  for (const name of asked.parts) {
    const { outcome, presentation } = await run(name, asked);
    if (asked.folder) await writePart(asked.folder, outcome, presentation);
    else console.log(`\n${presentation.markdown}\n`);
    Object.assign(outcomes, { [name]: outcome });
  }
  if (asked.folder) await writeReach(asked.folder);
  else console.log(presentReach(outcomes));
}

/** Each part has servers of its own, so that none inherits the work of another. */
async function run<Name extends PartName>(
  name: Name,
  { plan }: Asked,
): Promise<{ outcome: Outcome<Name>; presentation: Presentation }> {
  const { servers: kinds, measure, present } = parts[name];
  const begun = performance.now();
  const say = (text: string) => {
    const seconds = Math.round((performance.now() - begun) / 1_000);
    console.error(`${String(seconds).padStart(6)} s  ${text}`);
  };
  const servers = await bootServers(kinds);
  try {
    for (const { title } of servers.running.values()) say(`${name}: ${title}`);
    for (const [kind, reason] of servers.missing) say(`${name}: no ${kind}, ${reason}`);
    if (!servers.running.has('mysql'))
      throw new Error('Without MariaDB or MySQL there is nothing to measure');
    const context = { plan, servers, say };
    const outcome = await outcomeOf(name, context, await measure(context));
    say(`${name}: done`);
    return { outcome, presentation: present(outcome) };
  } finally {
    await servers.stop();
  }
}

function asked(parameters: string[]): Asked {
  try {
    return parse(parameters);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

main(asked(process.argv.slice(2))).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
