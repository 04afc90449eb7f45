import type { ExecutionContext } from 'ava';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { browser } from '../../support/shared-browser';
import { app } from './shared-app';

/** A profile of a real browser. Profiles do not share cookies. */
export class Profile {
  /** Errors and warnings on the console, also violations of the Content-Security-Policy. */
  readonly problems: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    private readonly origin: string,
  ) {
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        this.problems.push(message.text());
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

  /** Opens a page in a new tab. */
  async tab(path: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(this.origin + path);
    return page;
  }

  /** Signs in in a new tab, and returns it at the home page. */
  async signIn(name: string): Promise<Page> {
    const page = await this.tab('/');
    await page.getByLabel('Your name').fill(name);
    await follow(page, 'button', 'Sign in');
    return page;
  }

  /** Signs in in a new tab, and returns it at the account page. */
  async signInToAccountPage(name: string): Promise<Page> {
    const page = await this.signIn(name);
    await follow(page, 'link', "Where you're signed in");
    return page;
  }
}

/** Opens a profile of the browser that all tests of a file share. */
export function openProfile(
  t: ExecutionContext,
  options?: BrowserContextOptions,
): Promise<Profile> {
  return Profile.open(t, browser, app.url, options);
}

/** Clicks, and waits for the page that follows. A reload or a key before it comes would be lost. */
export async function follow(page: Page, role: 'button' | 'link', name: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.getByRole(role, { name }).click()]);
}

/** Returns the line of the page that says who is signed in. */
export function statusOf(page: Page): Promise<string> {
  return page.locator('#status').innerText();
}

/** Returns the devices that the account page lists. */
export async function devicesOf(page: Page): Promise<string[]> {
  // While the page loads, the list can be incomplete.
  await page.waitForLoadState();
  return page.getByRole('listitem').getByRole('heading').allInnerTexts();
}

/** The contrast ratio of a text and its background, by WCAG 2: 1 to 21. */
export interface Contrast {
  readonly text: string;
  readonly ratio: number;
}

/** Returns the contrast of each text of a page. */
export function contrastsOf(page: Page): Promise<Contrast[]> {
  return page.evaluate(`(() => {
    const parts = (color) => color.match(/[\\d.]+/g).map(Number);
    const luminance = (color) => {
      const [red, green, blue] = parts(color).map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const groundOf = (element) => {
      if (element === null) return 'rgb(255, 255, 255)';
      const { backgroundColor } = getComputedStyle(element);
      return parts(backgroundColor)[3] === 0 ? groundOf(element.parentElement) : backgroundColor;
    };
    const isText = (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '';
    const hasText = (element) => [...element.childNodes].some(isText);
    return [...document.querySelectorAll('body *')].filter(hasText).map((element) => {
      const lights = [getComputedStyle(element).color, groundOf(element)].map(luminance);
      const ratio = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
      return { text: element.textContent, ratio };
    });
  })()`);
}
