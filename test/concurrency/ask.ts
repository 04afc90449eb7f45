export interface Answer {
  readonly status: number;
  readonly body: string;
  /** What each `Set-Cookie` says. */
  readonly cookies: readonly string[];
}

/**
 * Asks as a browser that has this one cookie.
 *
 * @throws {Error} where the app failed, with what it says
 */
export async function ask(url: string, cookie = ''): Promise<Answer> {
  const response = await fetch(url, { headers: { cookie } });
  const body = await response.text();
  if (response.status >= 500) {
    throw new Error(body);
  }
  return { status: response.status, body, cookies: response.headers.getSetCookie() };
}

/** The cookie of an answer, as the browser sends it back. */
export function cookieOf({ status, cookies }: Answer): string {
  const [cookie] = cookies[0]?.split(';') ?? [];
  if (cookie === undefined) {
    throw new Error(`An answer of status ${status} brought no cookie`);
  }
  return cookie;
}
