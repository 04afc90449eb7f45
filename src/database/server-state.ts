import { DatabaseError } from '../errors';
import { errno } from './error-codes';

/** What a server answers to a probe. */
export interface ServerState {
  readonly isReadOnly: boolean;
  /** The name and port that the server has for itself. */
  readonly host: string;
  /** Tells the server from others that replicate from it, even if they have the same name. */
  readonly serverId: number;
}

/** How long a probe may take if the connection may be dead, or another host can serve, in ms. */
export const maxProbeTime = 1_000;

/** Returns a text that tells the server from others. */
export function identify({ host, serverId }: ServerState): string {
  return `${host} ${serverId}`;
}

/** @throws {DatabaseError} if the server takes no writes */
export function assertWritable({ isReadOnly }: ServerState): void {
  if (isReadOnly) {
    throw new DatabaseError('it is read-only', {
      code: 'ER_OPTION_PREVENTS_STATEMENT',
      errno: errno.readOnly,
      sqlState: undefined,
    });
  }
}
