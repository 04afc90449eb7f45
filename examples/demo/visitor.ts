import { Browser, type Page } from './browser';
import { check } from './check';
import { devicesOn, textOf } from './markup';
import { answer, command } from './output';

/** What somebody browses with. */
export interface Equipment {
  /** What its owner calls it. */
  readonly name: string;
  readonly userAgent: string;
}

/** Somebody with a browser of their own, whose doings are shown. */
export class Visitor {
  /** How the demo speaks of them. */
  readonly #title: string;
  readonly #browser: Browser;

  constructor(
    readonly name: string,
    private readonly url: string,
    equipment?: Equipment,
  ) {
    this.#title = equipment ? `${name}'s ${equipment.name}` : name;
    this.#browser = new Browser(url, equipment?.userAgent);
  }

  async signIn(): Promise<void> {
    const page = await this.#browser.submit('/sign-in', { name: this.name });
    this.#show(`POST /sign-in name=${this.name}`, page);
    check(`${this.#title} is signed in.`, this.#isSignedIn(page), page);
  }

  async signOut(): Promise<void> {
    const page = await this.#browser.submit('/sign-out');
    this.#show('POST /sign-out', page);
    check(`${this.#title} is signed out.`, nobodyIsSignedIn(page), page);
  }

  /** Looks at the account page, which lists the devices. */
  async isSignedInOn(...devices: readonly string[]): Promise<void> {
    const page = await this.#browser.visit('/account');
    this.#show('GET /account', page);
    const found = devicesOn(page.body);
    check(`The account page lists ${devices.join(' and ')}.`, found.join() === devices.join(), page);
  }

  async signsOut(device: string): Promise<void> {
    const page = await this.#browser.press(`Sign out ${device}`);
    this.#show(`presses "Sign out ${device}"`, page);
    check(`The account page lists ${device} no longer.`, !devicesOn(page.body).includes(device), page);
  }

  async isStillSignedIn(): Promise<void> {
    const page = await this.#browser.visit();
    this.#show('GET /', page);
    check(`${this.#title} is still signed in.`, this.#isSignedIn(page), page);
  }

  async isNoLongerSignedIn(): Promise<void> {
    const page = await this.#browser.visit();
    this.#show('GET /', page);
    check(`${this.#title} is no longer signed in.`, nobodyIsSignedIn(page), page);
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
      throw new Error(`${this.#title} has no session cookie.`);
    }
    return sid;
  }

  #isSignedIn({ status, body }: Page): boolean {
    return status === 200 && statusOf(body).startsWith(`Signed in as ${this.name}.`);
  }

  #show(request: string, page: Page): void {
    command(`${this.#title}>`, request);
    answer([`${page.status} ${statusOf(page.body)}`, ...devicesOn(page.body)].join('\n'));
  }
}

function nobodyIsSignedIn({ status, body }: Page): boolean {
  return status === 200 && statusOf(body) === 'Nobody is signed in.';
}

/** The line of the page that says who is signed in. */
function statusOf(body: string): string {
  return textOf(/<p id="status">(.*?)<\/p>/s.exec(body)?.[1] ?? body);
}
