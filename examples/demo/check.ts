import { inspect } from 'node:util';
import { found } from './output';

/** Says that the claim holds; where it does not, ends the demo with what came instead. */
export function check(claim: string, holds: boolean, got: unknown): void {
  if (!holds) {
    throw new Error(`Expected: ${claim}\nGot: ${typeof got === 'string' ? got : inspect(got)}`);
  }
  found(claim);
}
