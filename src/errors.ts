/**
 * Error thrown when an argument or an option is not what was expected. Nothing was written.
 * `argument` names it; the message says what was expected and what came.
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

/** What the driver or the server said of a failure, without the statement, which holds session data. */
export interface DatabaseErrorDetails {
  /** The driver's name for the failure, such as `ER_LOCK_DEADLOCK` or `ECONNREFUSED`. */
  readonly code: string | undefined;
  /** The server's number for the failure, such as 1213; undefined where the server was not reached. */
  readonly errno: number | undefined;
  /** The standard's class of the failure, such as `40001`. */
  readonly sqlState: string | undefined;
}

/** Error thrown when the database failed to answer a call. Its message never holds session data. */
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
 * Error thrown when the database did not do a call within the option `retryBudget`, however often it was repeated. Its
 * code, `errno` and `sqlState` are those of the last failure, if there was one; the call may have been done all the same.
 */
export class RetryBudgetError extends DatabaseError {
  override readonly name = 'RetryBudgetError';

  constructor(
    what: string,
    /** Milliseconds. */
    readonly elapsed: number,
    readonly attempts: number,
    cause: Error,
  ) {
    const timedOut = { code: 'ETIMEDOUT', errno: undefined, sqlState: undefined };
    const tried = attempts === 1 ? 'one attempt' : `${attempts} attempts`;
    super(
      `${what}: ${cause.message} (given up after ${Math.round(elapsed)} ms and ${tried})`,
      cause instanceof DatabaseError ? cause : timedOut,
      { cause },
    );
  }
}

/**
 * Error thrown when the account may not execute a routine, or the routine is not there: to an account
 * without the grant, the server says the same of both. The message names the command that mends it.
 */
export class RoutineNotGrantedError extends DatabaseError {
  override readonly name = 'RoutineNotGrantedError';
}

/**
 * Error thrown when the database side is not what this version of the package works with: missing, older
 * than it needs, or reached over a connection that cannot serve. The message names the remedy.
 */
export class InstallationError extends Error {
  override readonly name = 'InstallationError';
  readonly code = 'ERR_SESSION_INSTALLATION';
}

/**
 * Error thrown when what the table holds for a session is not what the serializer reads, or can't be decrypted. The message
 * shows nothing of it.
 */
export class SessionFormatError extends Error {
  override readonly name = 'SessionFormatError';
  readonly code = 'ERR_SESSION_FORMAT';
}

/** Error thrown when a store is used after `close()`. */
export class StoreClosedError extends Error {
  override readonly name = 'StoreClosedError';
  readonly code = 'ERR_SESSION_STORE_CLOSED';

  constructor() {
    super('The session store is closed');
  }
}

/** Says what a value is, for an error message, in one short phrase. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  switch (typeof value) {
    case 'string':
      return value.length > 40 ? `a string of ${value.length} characters` : JSON.stringify(value);
    case 'number':
    case 'boolean':
      return String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value.constructor ? `an instance of ${value.constructor.name}` : 'an object without a prototype';
    default:
      return `a ${typeof value}`;
  }
}

/** Says what kind of value it is, and nothing of what it holds, which may be nobody's business. */
export function describeKind(value: unknown): string {
  if (typeof value === 'string') {
    return `a string of ${value.length} characters`;
  }
  return value === null || value === undefined || typeof value === 'object'
    ? describe(value)
    : `a ${typeof value}`;
}
