import type { MySQLSessionStore } from '../../../src';
import { loadVisit } from '../../support/visit';

/** A client that saves all its sessions at the same time, round after round. */
export interface SavePlan {
  /** The key that only this client writes. */
  readonly key: string;
  readonly sids: readonly string[];
  readonly rounds: number;
}

/** Saves the number of the round under the client's key, in every session. */
export async function runSaves(store: MySQLSessionStore, plan: SavePlan): Promise<void> {
  const { key, sids, rounds } = plan;
  const visits = await Promise.all(sids.map((sid) => loadVisit(store, sid)));
  for (let round = 1; round <= rounds; round++) {
    await Promise.all(
      visits.map((visit) => {
        Object.assign(visit.session, { [key]: round });
        return visit.save();
      }),
    );
  }
}
