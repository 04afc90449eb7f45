import { CookieJar } from 'tough-cookie';
import { formsOn } from './markup';

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

type Fields = Readonly<Record<string, string>>;

/** A browser as far as sessions go: it keeps cookies, follows redirects, and submits the forms of the page it shows. */
export class Browser {
  readonly #jar = new CookieJar();
  #shown = '';

  constructor(
    private readonly origin: string,
    private readonly userAgent = 'A browser of the demo',
  ) {}

  visit(path = '/'): Promise<Page> {
    return this.#request(path, { method: 'GET' });
  }

  /** Submits the form of this action with what it hides; without such a form, the fields alone. */
  submit(path: string, fields: Fields = {}): Promise<Page> {
    const form = formsOn(this.#shown).find(({ action }) => action === path);
    return this.post(path, { ...form?.hidden, ...fields });
  }

  /** Presses the button of this name. */
  press(name: string): Promise<Page> {
    const form = formsOn(this.#shown).find(({ button }) => button === name);
    if (form === undefined) {
      throw new Error(`There is no button ${name} on the page:\n${this.#shown}`);
    }
    return this.post(form.action, form.hidden);
  }

  /** Sends fields that need not be those of a form. */
  post(path: string, fields: Fields = {}, headers: Fields = { origin: this.origin }): Promise<Page> {
    const body = Object.keys(fields).length > 0 ? new URLSearchParams(fields) : null;
    return this.#request(path, { method: 'POST', body, headers });
  }

  /** What it would send to the application now. */
  cookies(): Promise<string> {
    return this.#jar.getCookieString(this.origin);
  }

  /** The cookies, with the attributes that came with them. */
  async cookieHeaders(): Promise<string[]> {
    return (await this.#jar.getCookies(this.origin)).map(String);
  }

  /** Takes cookies from somewhere else, as a thief would. */
  async take(cookies: string): Promise<void> {
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
    this.#shown = body;
    return { status, headers, body };
  }
}
