import { style } from './style';

/** Markup, which `html` does not escape again. */
export class Html {
  constructor(readonly text: string) {}
}

/** Escapes each value of the template, unless the value is markup. */
export function html(
  strings: TemplateStringsArray,
  ...values: ReadonlyArray<Html | string | number>
): Html {
  const texts = values.map((value) =>
    value instanceof Html ? value.text : escaped(String(value)),
  );
  return new Html(String.raw({ raw: strings }, ...texts));
}

export function joined(parts: readonly Html[]): Html {
  return new Html(parts.map(({ text }) => text).join(''));
}

/** Returns a page with a title and its content. */
export function page(title: string, content: Html): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    <style>${new Html(style)}</style>
  </head>
  <body>
    <main>${content}
    </main>
  </body>
</html>
`;
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities.get(character) ?? character);
}
