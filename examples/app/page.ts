import { Html, html } from './html';
import { style } from './style';

/** A whole page around its content. */
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

/** The field by which a form proves that it is from a page of this session. */
export function tokenField(token: string): Html {
  return html`<input type="hidden" name="token" value="${token}">`;
}
