import type { Routines } from './routines';

/** How many sessions a call deletes. */
const batch = 100;

/**
 * Deletes every live session whose attribute has the value.
 *
 * @param except the id of one to keep
 * @returns how many
 */
export async function destroyAll(
  routines: Pick<Routines, 'destroyBy'>,
  attribute: string,
  value: string,
  except: string | null,
): Promise<number> {
  for (let total = 0; ; ) {
    const { deleted, more } = await routines.destroyBy(attribute, value, except, batch);
    total += deleted;
    if (!more) {
      return total;
    }
  }
}
