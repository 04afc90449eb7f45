declare module 'express-session' {
  interface SessionData {
    /** Whose session it is, once somebody has signed in. */
    userId?: string;
    /** As the user typed it. */
    name?: string;
    visits?: number;
    /** Such as "Firefox on Windows". */
    device?: string;
    /** In ISO 8601. */
    lastSeen?: string;
    /** Proves that a form is from a page of this session. */
    formToken?: string;
    /** What was done, for the next page to say. */
    notice?: string;
  }
}
