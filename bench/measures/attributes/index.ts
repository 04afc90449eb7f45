import type { Server } from '../../servers';
import { startAll, stopAll } from '../../workers/start';
import type { Context } from '../context';
import { type Finding, type FindingSample, measureFinding } from './finding';
import { equip, installation, type Sized, withKeeper } from './installation';
import { measureOnline, type OnlineSample } from './online';
import { measureWriting, type WritingSample } from './writing';

export interface AttributeSamples extends Finding {
  readonly online: OnlineSample[];
  readonly writing: WritingSample[];
}

/** What an attribute costs: to be added and dropped, to find sessions by, and whoever writes. */
export async function measureAttributes(context: Context): Promise<AttributeSamples> {
  const samples: AttributeSamples = { online: [], finding: [], plans: [], writing: [] };
  for (const server of context.servers.running.values()) {
    const { online, finding, plans } = await measureSized(context, server);
    samples.online.push(...online);
    samples.finding.push(...finding);
    samples.plans.push(...plans);
    samples.writing.push(...(await measureWriting(context, server)));
  }
  return samples;
}

/** What depends on how many sessions there are. */
async function measureSized(
  context: Context,
  server: Server,
): Promise<{ online: OnlineSample[]; finding: FindingSample[]; plans: Finding['plans'] }> {
  const { rows: sizes, size } = context.plan.attributes;
  const tables = await startAll(
    sizes.map(async (rows): Promise<Sized> => {
      const wish = { server, database: `attributes_${rows}`, size, touchesAll: true };
      return { ...(await installation(wish)), rows };
    }),
  );
  const [small, large] = tables;
  try {
    for (const table of tables) {
      context.say(`attributes: ${server.title} gets ${table.rows} sessions`);
      await withKeeper(table, size, async (keeper) => {
        await keeper.fill(1, table.rows, 'live');
        await keeper.settle();
      });
    }
    const online = small && large ? await measureOnline(context, server.title, large, small) : [];
    for (const table of tables) await equip(table);
    return { online, ...(await measureFinding(context, server.title, tables)) };
  } finally {
    await stopAll(tables);
  }
}
