import { errno } from '../database/error-codes';
import { DatabaseError } from '../errors';

/** A conflict over one session of a batch. The retry policy does not repeat the batch for it. */
export class BatchConflict extends Error {
  constructor(override readonly cause: DatabaseError) {
    super(cause.message);
  }
}

const conflicts = new Set<number | undefined>([
  errno.recordChanged,
  errno.lockWaitTimeout,
  errno.deadlock,
  errno.rolledBackOnCommit,
]);

/** @throws {BatchConflict} for a conflict; any other error is thrown unchanged */
export function asBatchConflict(error: unknown): never {
  throw error instanceof DatabaseError && conflicts.has(error.errno)
    ? new BatchConflict(error)
    : error;
}
