import { createHmac } from 'node:crypto';

/** Names sessions for pages, which must not have their ids: whoever knew one would be half signed in. */
export class Handles {
  readonly #key: Buffer;

  constructor(secret: string) {
    // A key of its own: with the secret itself, the handle would be the signature in the session's cookie.
    this.#key = createHmac('sha256', secret).update('handles of sessions').digest();
  }

  of(sessionId: string): string {
    return createHmac('sha256', this.#key).update(sessionId).digest('base64url');
  }
}
