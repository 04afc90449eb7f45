import { type Html, html } from './html';

/** The longest name that the form takes, in characters. */
export const longestName = 50;

export function signInPage(problem = ''): Html {
  return page(
    'Sign in',
    html`
      <h1>Sign in</h1>
      <p id="status">Nobody is signed in.</p>
      <form method="post" action="/sign-in">
        <label for="name">Your name</label>
        <input id="name" name="name" autocomplete="username" maxlength="${longestName}" required autofocus>
        <button>Sign in</button>
        <p role="alert">${problem}</p>
      </form>`,
  );
}

export function homePage(name: string, visits: number): Html {
  return page(
    'Welcome',
    html`
      <h1>Welcome</h1>
      <p id="status">Signed in as <strong>${name}</strong>. Visits: ${visits}.</p>
      <form method="post" action="/sign-out">
        <button>Sign out</button>
      </form>`,
  );
}

function page(title: string, content: Html): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${title}</title>
    <style>
      :root { color-scheme: light dark; font: 1.125rem/1.6 system-ui, sans-serif; }
      main { max-width: 30rem; margin: 15vh auto; padding: 0 1.5rem; }
      label { display: block; }
      input, button { font: inherit; padding: 0.3em 0.7em; }
      [role='alert'] { color: light-dark(#b00020, #ff8a80); }
    </style>
  </head>
  <body>
    <main>${content}
    </main>
  </body>
</html>
`;
}
