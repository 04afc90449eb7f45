import { createHash } from 'node:crypto';

/** The checksum of a text that the migration log keeps, in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
