import type { ExecutionContext } from 'ava';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** A profile of a real browser, which shares no cookies with others. */
export class Profile {
  /** What the browser's console said of errors, and of violations of the page's policy. */
  readonly problems: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    private readonly origin: string,
  ) {
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.problems.push(message.text());
    });
    context.on('weberror', (error) => this.problems.push(String(error.error())));
  }

  static async open(
    t: ExecutionContext,
    browser: Browser,
    origin: string,
    options: BrowserContextOptions = {},
  ): Promise<Profile> {
    const context = await browser.newContext(options);
    t.teardown(() => context.close());
    return new Profile(context, origin);
  }

  /** A tab at a page. */
  async tab(path: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(this.origin + path);
    return page;
  }

  /** A tab at the home page, after a sign-in. */
  async signIn(name: string): Promise<Page> {
    const page = await this.tab('/');
    await page.getByLabel('Your name').fill(name);
    await page.getByRole('button', { name: 'Sign in' }).click();
    return page;
  }

  /** A tab at the account page, after a sign-in. */
  async signInAndLook(name: string): Promise<Page> {
    const page = await this.signIn(name);
    await page.getByRole('link', { name: "Where you're signed in" }).click();
    // A key that is pressed ahead of the page goes nowhere.
    await page.waitForURL('**/account');
    return page;
  }
}

/** Who is signed in, as the page says it. */
export function statusOf(page: Page): Promise<string> {
  return page.locator('#status').innerText();
}

/** The devices that the account page lists. */
export async function devicesOf(page: Page): Promise<string[]> {
  // Of a page that is still coming, the list may not be there yet, or not all of it.
  await page.waitForLoadState();
  return page.getByRole('listitem').getByRole('heading').allInnerTexts();
}
