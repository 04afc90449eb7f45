/** Where a framework keeps, in a session, how long it lives. */
export interface Expiry {
  /**
   * How many milliseconds the session has left at `now`; undefined where it does not say.
   *
   * @throws {ArgumentError} for a time that is none
   */
  remaining(session: object, now: number): number | undefined;
  /** The session's whole lifetime in milliseconds, as far as what is stored with it tells. */
  whole(session: object): number | undefined;
  /** Lets a session that was read say when it ends. */
  show(session: object, endsAt: Date): void;
  /** Whether a top-level key means the same with both values. A request's own time of expiry is no change. */
  isSame(key: string, one: unknown, other: unknown): boolean;
}
