import { CookieJar } from 'tough-cookie';
import { answer, check, command } from './output';

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** A form of a page. */
export interface Form {
  readonly action: string;
  /** The text of its button. */
  readonly button: string;
  /** Its hidden fields. */
  readonly hidden: Fields;
}

type Fields = Readonly<Record<string, string>>;

/** A browser without a window. It keeps cookies, follows redirects and submits forms. */
export class Browser {
  readonly #jar = new CookieJar();
  /** The markup of the current page. */
  #body = '';

  constructor(
    private readonly origin: string,
    private readonly userAgent = 'A browser of the demo',
  ) {}

  visit(path = '/'): Promise<Page> {
    return this.#request(path, { method: 'GET' });
  }

  /** Submits the form with this action and its hidden fields. Without a form, posts the fields. */
  submit(path: string, fields: Fields = {}): Promise<Page> {
    const form = formsOn(this.#body).find(({ action }) => action === path);
    return this.post(path, { ...form?.hidden, ...fields });
  }

  /** Presses the button with this text. */
  press(text: string): Promise<Page> {
    const { action, hidden } = formWithButton(this.#body, text);
    return this.post(action, hidden);
  }

  /** Posts any fields, with or without a form. */
  post(
    path: string,
    fields: Fields = {},
    headers: Fields = { origin: this.origin },
  ): Promise<Page> {
    const body = Object.keys(fields).length > 0 ? new URLSearchParams(fields) : null;
    return this.#request(path, { method: 'POST', body, headers });
  }

  /** Returns the cookies as the next request sends them. */
  cookies(): Promise<string> {
    return this.#jar.getCookieString(this.origin);
  }

  /** Returns the cookies with their attributes. */
  async cookieHeaders(): Promise<string[]> {
    return (await this.#jar.getCookies(this.origin)).map(String);
  }

  /** Adds the cookies of another browser, as a thief does. */
  async useCookies(cookies: string): Promise<void> {
    for (const cookie of cookies.split('; ')) {
      await this.#jar.setCookie(cookie, this.origin);
    }
  }

  async #request(path: string, init: RequestInit): Promise<Page> {
    const url = new URL(path, this.origin);
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie: await this.cookies(), 'user-agent': this.userAgent },
    });
    for (const cookie of response.headers.getSetCookie()) {
      await this.#jar.setCookie(cookie, url.href);
    }
    const { status, headers } = response;
    const body = await response.text();
    const location = headers.get('location');
    if (location !== null) {
      return this.visit(location);
    }
    this.#body = body;
    return { status, headers, body };
  }
}

/** Returns the form of a page of the example application. */
export function formWithButton(body: string, text: string): Form {
  const form = formsOn(body).find(({ button }) => button === text);
  if (form === undefined) {
    throw new Error(`The page has no button "${text}":\n${body}`);
  }
  return form;
}

function formsOn(body: string): Form[] {
  return [...body.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)].map(
    ([, action = '', content = '']) => ({
      action,
      button: textOf(/<button[^>]*>(.*?)<\/button>/s.exec(content)?.[1] ?? ''),
      hidden: Object.fromEntries(
        [...content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
          ([, name, value]) => [name, value],
        ),
      ),
    }),
  );
}

/** Returns the devices that the account page lists. */
export function devicesOn(body: string): string[] {
  return [...body.matchAll(/<h2>(.*?)<\/h2>/gs)].map(([, name = '']) => name);
}

/** Returns the line of the page that says who is signed in. */
function statusOf(body: string): string {
  return textOf(/<p id="status">(.*?)<\/p>/s.exec(body)?.[1] ?? body);
}

function textOf(markup: string): string {
  return markup.replace(/<[^>]+>/g, '');
}

/** A device that a visitor uses. */
export interface VisitorDevice {
  /** For example "laptop". */
  readonly name: string;
  readonly userAgent: string;
}

/** A person with a browser. Prints each request and its answer, and checks the answer. */
export class Visitor {
  /** For example "Ada's laptop". */
  readonly #title: string;
  readonly #browser: Browser;

  constructor(
    readonly name: string,
    private readonly url: string,
    device?: VisitorDevice,
  ) {
    this.#title = device ? `${name}'s ${device.name}` : name;
    this.#browser = new Browser(url, device?.userAgent);
  }

  async signIn(): Promise<void> {
    const page = await this.#browser.submit('/sign-in', { name: this.name });
    this.#show(`POST /sign-in name=${this.name}`, page);
    check(`${this.#title} is signed in.`, this.#isSignedIn(page), page);
  }

  async signOut(): Promise<void> {
    const page = await this.#browser.submit('/sign-out');
    this.#show('POST /sign-out', page);
    check(`${this.#title} is signed out.`, isSignedOut(page), page);
  }

  /** Signs out another device on the account page. */
  async signOutDevice(device: string): Promise<void> {
    const page = await this.#browser.press(`Sign out ${device}`);
    this.#show(`presses "Sign out ${device}"`, page);
    check(
      `The account page no longer lists ${device}.`,
      !devicesOn(page.body).includes(device),
      page,
    );
  }

  async checkDevices(...devices: readonly string[]): Promise<void> {
    const page = await this.#browser.visit('/account');
    this.#show('GET /account', page);
    const claim = `The account page lists ${devices.join(' and ')}.`;
    check(claim, devicesOn(page.body).join() === devices.join(), page);
  }

  async checkSignedIn(): Promise<void> {
    const page = await this.#browser.visit();
    this.#show('GET /', page);
    check(`${this.#title} is still signed in.`, this.#isSignedIn(page), page);
  }

  async checkSignedOut(): Promise<void> {
    const page = await this.#browser.visit();
    this.#show('GET /', page);
    check(`${this.#title} is no longer signed in.`, isSignedOut(page), page);
  }

  /** Checks that a cookie of an ended session is refused. */
  async checkOldCookie(cookie: string): Promise<void> {
    const other = new Browser(this.url);
    await other.useCookies(cookie);
    const page = await other.visit();
    this.#show(`GET /, with ${this.name}'s old cookie`, page);
    check('The old cookie opens no session.', isSignedOut(page), page);
  }

  cookie(): Promise<string> {
    return this.#browser.cookies();
  }

  /** Returns the id that the cookie has between `s:` and its signature. */
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
    command(`${this.#title}>`, `${request} → ${page.status} ${statusOf(page.body)}`);
    const devices = devicesOn(page.body);
    if (devices.length > 0) answer(devices.join('\n'));
  }
}

function isSignedOut({ status, body }: Page): boolean {
  return status === 200 && statusOf(body) === 'You are not signed in.';
}
