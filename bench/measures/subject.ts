import type { Keeper } from '../tables';
import type { Participant } from './context';

/** A contender, and the administrator of its table. */
export interface Subject extends Participant {
  readonly keeper: Keeper;
}
