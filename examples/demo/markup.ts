/** A form of a page, as far as it takes to submit it. */
export interface Form {
  readonly action: string;
  /** What its button is called. */
  readonly button: string;
  /** The fields that nobody sees, with what the page put into them. */
  readonly hidden: Readonly<Record<string, string>>;
}

/** The forms of a page of the example application. */
export function formsOn(body: string): Form[] {
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

/** The devices that the account page lists. */
export function devicesOn(body: string): string[] {
  return [...body.matchAll(/<h2>(.*?)<\/h2>/gs)].map(([, name = '']) => name);
}

/** Markup without its tags. */
export function textOf(markup: string): string {
  return markup.replace(/<[^>]+>/g, '');
}
