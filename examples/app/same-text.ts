import { timingSafeEqual } from 'node:crypto';

/** Compares secrets in a time that says nothing of them but their length. */
export function isSameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
