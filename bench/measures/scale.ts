import { keeperOf } from '../tables';
import { type CleanupSample, measureCleanup } from './cleanup';
import { type Context, present, withParticipants } from './context';
import { type Growth, measureGrowth } from './growth';
import type { Subject } from './subject';

export interface ScaleSamples extends Growth {
  readonly cleanup: CleanupSample[];
}

/** What many sessions cost, and their cleanup. */
export async function measureScale(context: Context): Promise<ScaleSamples> {
  const chosen = present(context).filter(({ table }) => table !== undefined);
  return withParticipants(context, 'scale', chosen, false, async (participants) => {
    const subjects: Subject[] = [];
    try {
      for (const participant of participants) {
        const { contender, place } = participant;
        subjects.push({ ...participant, keeper: await keeperOf(contender, place, context.plan.scale.size) });
      }
      const { growth, disk } = await measureGrowth(context, subjects);
      return { growth, disk, cleanup: await measureCleanup(context, subjects) };
    } finally {
      await Promise.all(subjects.map(({ keeper }) => keeper.close()));
    }
  });
}
