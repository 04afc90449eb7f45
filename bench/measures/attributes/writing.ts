import type { Server } from '../../servers';
import { startAll, stopAll } from '../../workers/start';
import { type Context, inTurn } from '../context';
import type { Timing } from '../timing';
import { equip, type Installation, installation, withKeeper } from './installation';
import { type WriteName, writeNames } from './operations';

export interface WritingSample {
  readonly server: string;
  readonly call: WriteName;
  /** Whether the table has the attribute. */
  readonly attributed: boolean;
  /** Characters of the session's JSON text. */
  readonly size: number;
  readonly callers: number;
  readonly rounds: Timing[];
}

interface Table extends Installation {
  readonly attributed: boolean;
}

/** Writes sessions into a table with the attribute and into one without it, in turn. */
export async function measureWriting(context: Context, server: Server): Promise<WritingSample[]> {
  const { size, writing } = context.plan.attributes;
  const { title } = server;
  const tables = await startAll(
    [false, true].map(async (attributed): Promise<Table> => {
      const database = attributed ? 'attributes_with' : 'attributes_without';
      return { ...(await installation({ server, database, size })), attributed };
    }),
  );
  try {
    for (const table of tables) await prepare(table, writing);
    const samples = writing.sizes.flatMap((each) =>
      writing.callers.flatMap((callers) =>
        writeNames.flatMap((call) =>
          tables.map(
            ({ attributed }): WritingSample => ({
              server: title,
              call,
              attributed,
              size: each,
              callers,
              rounds: [],
            }),
          ),
        ),
      ),
    );
    // The first round is for the caches and the compiler.
    for (let round = -1; round < context.plan.rounds; round++) {
      context.say(`attributes: ${title}, writing, round ${round + 1} of ${context.plan.rounds}`);
      for (let turn = 0; turn < (round < 0 ? 1 : writing.turns); turn++) {
        await measureTurn(inTurn(tables, turn), writing, samples, round >= 0);
      }
    }
    return samples;
  } finally {
    await stopAll(tables);
  }
}

type Plan = Context['plan']['attributes']['writing'];

async function prepare(table: Table, { sizes, sessions }: Plan): Promise<void> {
  for (const [index, size] of sizes.entries()) {
    await withKeeper(table, size, async (keeper) => {
      await keeper.fill(index * sessions + 1, (index + 1) * sessions, 'live');
      await keeper.settle();
    });
  }
  if (table.attributed) await equip(table);
}

async function measureTurn(
  tables: readonly Table[],
  { sizes, sessions, milliseconds }: Plan,
  samples: readonly WritingSample[],
  isKept: boolean,
): Promise<void> {
  const cells = samples.filter(({ attributed }) => attributed);
  for (const { call, size, callers } of cells) {
    const index = sizes.indexOf(size);
    const population = { name: '', from: index * sessions + 1, to: (index + 1) * sessions };
    const effort = { callers, milliseconds, batch: Math.min(sessions, 1_000), atMost: 100_000 };
    for (const { attributed, remote } of tables) {
      const timing = await remote.ask('write', { name: call, population, size, effort });
      const sample = samples.find(
        (known) =>
          known.attributed === attributed &&
          known.call === call &&
          known.size === size &&
          known.callers === callers,
      );
      if (isKept) sample?.rounds.push(timing);
    }
    for (const { remote } of tables) await remote.ask('tidy', undefined);
  }
}
