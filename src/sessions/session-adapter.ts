/** Reads and writes the expiry that a framework keeps in its sessions. */
export interface SessionAdapter {
  /**
   * Returns how many milliseconds after `now` the session ends, or undefined if it does not say.
   *
   * @throws {ArgumentError} for an invalid time
   */
  ttl(session: object, now: number): number | undefined;
  /** Returns the lifetime that is stored with the session, in milliseconds, if there is one. */
  originalMaxAge(session: object): number | undefined;
  /** Sets the expiry of a session that was read, if the session has one. */
  setExpires(session: object, expires: Date): void;
  /** Returns whether two values of a top-level key are equal. Another expiry is no difference. */
  isSameValue(key: string, before: unknown, after: unknown): boolean;
}
