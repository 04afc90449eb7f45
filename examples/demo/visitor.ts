import { Browser, type Page } from './browser';
import { check } from './check';
import { answer, command } from './output';

/** Somebody with a browser of their own, whose doings are shown. */
export class Visitor {
  readonly #browser: Browser;

  constructor(
    readonly name: string,
    private readonly url: string,
  ) {
    this.#browser = new Browser(url);
  }

  async signIn(): Promise<void> {
    const page = await this.#browser.submit('/sign-in', { name: this.name });
    this.#show(`POST /sign-in name=${this.name}`, page);
    check(`${this.name} is signed in.`, this.#isSignedIn(page), page);
  }

  async signOut(): Promise<void> {
    const page = await this.#browser.submit('/sign-out');
    this.#show('POST /sign-out', page);
    check(`${this.name} is signed out.`, nobodyIsSignedIn(page), page);
  }

  async isStillSignedIn(): Promise<void> {
    const page = await this.#browser.visit();
    this.#show('GET /', page);
    check(`${this.name} is still signed in.`, this.#isSignedIn(page), page);
  }

  async isNoLongerSignedIn(): Promise<void> {
    const page = await this.#browser.visit();
    this.#show('GET /', page);
    check(`${this.name} is no longer signed in.`, nobodyIsSignedIn(page), page);
  }

  /** Tries a cookie of before, kept by somebody. */
  async isNotLetInBy(cookie: string): Promise<void> {
    const other = new Browser(this.url);
    await other.take(cookie);
    const page = await other.visit();
    this.#show(`GET /, with ${this.name}'s old cookie`, page);
    check('The old cookie opens nothing.', nobodyIsSignedIn(page), page);
  }

  cookie(): Promise<string> {
    return this.#browser.cookies();
  }

  /** The id that the cookie carries between `s:` and its signature. */
  async sessionId(): Promise<string> {
    const [, sid] = /=s:([^.]+)\./.exec(decodeURIComponent(await this.cookie())) ?? [];
    if (sid === undefined) {
      throw new Error(`${this.name} has no session cookie.`);
    }
    return sid;
  }

  #isSignedIn({ status, body }: Page): boolean {
    return status === 200 && statusOf(body).startsWith(`Signed in as ${this.name}.`);
  }

  #show(request: string, { status, body }: Page): void {
    command(`${this.name}>`, request);
    answer(`${status} ${statusOf(body)}`);
  }
}

function nobodyIsSignedIn({ status, body }: Page): boolean {
  return status === 200 && statusOf(body) === 'Nobody is signed in.';
}

/** The line of the page that says who is signed in. */
function statusOf(body: string): string {
  const [, status = body] = /<p id="status">(.*?)<\/p>/s.exec(body) ?? [];
  return status.replace(/<[^>]+>/g, '');
}
