import { randomBytes } from 'node:crypto';
import type { Browser, Page } from '../../../examples/demo/browser';
import { formsOn } from '../../../examples/demo/markup';
import type { Example } from './example';

/** Somebody who signs in to the example application, under a name that nobody else has. */
export class Member {
  readonly name = `Ada-${randomBytes(6).toString('hex')}`;

  constructor(private readonly app: Example) {}

  /** Signs in on another device. */
  async signIn(userAgent?: string): Promise<Browser> {
    const browser = this.app.browser(userAgent);
    await browser.submit('/sign-in', { name: this.name });
    return browser;
  }

  /** The member's sessions as they are stored, the oldest first, each with when it was last written. */
  async rows(): Promise<Array<Record<string, unknown>>> {
    const rows = await this.app.database.query(
      `SELECT CAST(sess AS CHAR), sid, CAST(updated_at AS CHAR) FROM sessions
       WHERE ${this.condition} ORDER BY created_at`,
    );
    return rows.map(([sess, sid, updatedAt]) => ({ ...JSON.parse(String(sess)), sid, updatedAt }));
  }

  /** By which the member's sessions are known, in SQL. */
  get condition(): string {
    return `JSON_UNQUOTE(JSON_EXTRACT(sess, '$.name')) = '${this.name}'`;
  }
}

/** What a form of the page hides: that of this button. */
export function hiddenOn({ body }: Page, button: string): Readonly<Record<string, string>> {
  const form = formsOn(body).find((one) => one.button === button);
  if (form === undefined) {
    throw new Error(`There is no button ${button} on the page:\n${body}`);
  }
  return form.hidden;
}

export function isSignedIn({ body }: Page): boolean {
  return body.includes('Signed in as <strong>');
}
