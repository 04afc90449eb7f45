import { CookieJar } from 'tough-cookie';

export interface Page {
  readonly status: number;
  readonly body: string;
}

/** A browser as far as sessions go: it keeps cookies and follows redirects. */
export class Browser {
  readonly #jar = new CookieJar();

  constructor(private readonly origin: string) {}

  visit(path = '/'): Promise<Page> {
    return this.#request(path, { method: 'GET' });
  }

  submit(path: string, fields?: Readonly<Record<string, string>>): Promise<Page> {
    return this.#request(path, { method: 'POST', ...(fields && { body: new URLSearchParams(fields) }) });
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
      headers: { cookie: await this.cookies() },
    });
    for (const cookie of response.headers.getSetCookie()) {
      await this.#jar.setCookie(cookie, url.href);
    }
    const body = await response.text();
    const location = response.headers.get('location');
    return location === null ? { status: response.status, body } : this.visit(location);
  }
}
