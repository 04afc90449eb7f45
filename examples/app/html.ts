/** Text that is markup already. */
export class Html {
  constructor(readonly text: string) {}
}

/** A template of markup, in which every value is escaped unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...values: ReadonlyArray<Html | string | number>): Html {
  const texts = values.map((value) => (value instanceof Html ? value.text : escaped(String(value))));
  return new Html(String.raw({ raw: strings }, ...texts));
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
