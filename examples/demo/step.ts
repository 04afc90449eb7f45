import type { Interruption } from './interruption';
import { heading } from './output';

/** Runs one step of the story under its title. */
export type Step = <Result>(title: string, action: () => Promise<Result>) => Promise<Result>;

/** Steps that come to an end between two of them when the demo is interrupted. */
export function stepsUntil(interruption: Interruption): Step {
  return (title, action) => {
    interruption.throwIfCame();
    heading(title);
    return action();
  };
}
