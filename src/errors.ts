/**
 * Error thrown when an argument or an option is invalid. Nothing was written. `argument` names it.
 * The message says what was expected and what came.
 */
export class ArgumentError extends TypeError {
  override readonly name = 'ArgumentError';
  readonly code = 'ERR_SESSION_ARGUMENT';

  constructor(
    readonly argument: string,
    expected: string,
    got: string,
    options?: ErrorOptions,
  ) {
    super(`Expected \`${argument}\` to be ${expected}, got ${got}`, options);
  }
}

/** A failure as the driver or the server reports it, without the statement and its session data. */
export interface DatabaseErrorDetails {
  /** The driver's name for the failure, such as `ER_LOCK_DEADLOCK` or `ECONNREFUSED`. */
  readonly code: string | undefined;
  /** The server's number for the failure, such as 1213; undefined if no server answered. */
  readonly errno: number | undefined;
  /** The SQLSTATE of the failure, such as `40001`. */
  readonly sqlState: string | undefined;
}

/** Error thrown when a call of the database fails. Its message never has session data. */
export class DatabaseError extends Error implements DatabaseErrorDetails {
  override readonly name: string = 'DatabaseError';
  readonly code: string | undefined;
  readonly errno: number | undefined;
  readonly sqlState: string | undefined;

  constructor(message: string, details: DatabaseErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.code = details.code;
    this.errno = details.errno;
    this.sqlState = details.sqlState;
  }
}

/**
 * Error thrown when a call does not succeed within the option `retryBudget`. `code`, `errno` and
 * `sqlState` are those of the last failure; after timeouts alone, `code` is `ETIMEDOUT`. The server
 * may have made the change all the same.
 */
export class RetryBudgetError extends DatabaseError {
  override readonly name = 'RetryBudgetError';

  constructor(
    call: string,
    /** Milliseconds from the first attempt to the error. */
    readonly elapsed: number,
    readonly attempts: number,
    cause: Error,
  ) {
    const timedOut = { code: 'ETIMEDOUT', errno: undefined, sqlState: undefined };
    const count = attempts === 1 ? 'one attempt' : `${attempts} attempts`;
    super(
      `${call}: ${cause.message} (timed out after ${Math.round(elapsed)} ms and ${count})`,
      cause instanceof DatabaseError ? cause : timedOut,
      { cause },
    );
  }
}

/**
 * Error thrown when the account may not execute a routine, or the routine is missing. The server
 * does not distinguish the two for an account without the grant. The message has the commands for
 * both.
 */
export class RoutineNotGrantedError extends DatabaseError {
  override readonly name = 'RoutineNotGrantedError';
}

/**
 * Error thrown when this version of the package can't use the installation: it is missing or too
 * old, or the connection is unsuitable. The message says what to do.
 */
export class InstallationError extends Error {
  override readonly name = 'InstallationError';
  readonly code = 'ERR_SESSION_INSTALLATION';
}

/**
 * Error thrown when the serializer can't read a stored session, or the store can't decrypt it. The
 * message shows nothing of the session.
 */
export class SessionFormatError extends Error {
  override readonly name = 'SessionFormatError';
  readonly code = 'ERR_SESSION_FORMAT';
}

/**
 * Error for `onDbCleanupError`: three cleanups in a row deleted nothing, because other transactions
 * hold all expired sessions. A transaction that does not end is the usual cause.
 */
export class CleanupBlockedError extends Error {
  override readonly name = 'CleanupBlockedError';
  readonly code = 'ERR_SESSION_CLEANUP_BLOCKED';

  constructor(
    /** Milliseconds since the first expired session expired. */
    readonly overdueMs: number,
  ) {
    super(
      `Expired sessions are overdue by ${Math.round(overdueMs / 1000)} s, and other transactions ` +
        'hold all of them. A DBA finds a transaction that does not end with: ' +
        'SHOW ENGINE INNODB STATUS',
    );
  }
}

/** Error thrown when a store is used after `close()`. */
export class StoreClosedError extends Error {
  override readonly name = 'StoreClosedError';
  readonly code = 'ERR_SESSION_STORE_CLOSED';

  constructor() {
    super('The session store is closed');
  }
}
