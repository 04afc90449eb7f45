import { type Html, html } from './html';
import { page, tokenField } from './page';
import { longestName, type User } from './user';

export function signInPage(problem = ''): Html {
  return page(
    'Sign in',
    html`
      <h1>Sign in</h1>
      <p id="status">Nobody is signed in.</p>
      <form method="post" action="/sign-in">
        ${problem === '' ? '' : html`<p class="alarm" role="alert">${problem}</p>`}
        <p class="field">
          <label for="name">Your name</label>
          <input id="name" name="name" autocomplete="username" maxlength="${longestName}" aria-describedby="hint" required autofocus>
        </p>
        <p class="soft" id="hint">This is a demonstration: a name is enough, and capitals make no difference.</p>
        <button class="main">Sign in</button>
      </form>`,
  );
}

export function homePage(user: User, visits: number, token: string): Html {
  return page(
    'Welcome',
    html`
      <h1>Welcome</h1>
      <p id="status">Signed in as <strong>${user.name}</strong>. Visits: ${visits}.</p>
      <p><a href="/account">Where you're signed in</a></p>
      <form method="post" action="/sign-out">
        ${tokenField(token)}
        <button>Sign out</button>
      </form>`,
  );
}

export function refusalPage(): Html {
  return problemPage(
    'That was refused',
    'The form is out of date, or it is not from this site. Nothing was changed.',
  );
}

export function notFoundPage(): Html {
  return problemPage('Not found', 'There is no such page.');
}

export function failurePage(): Html {
  return problemPage('That did not work', 'Please try again in a while.');
}

function problemPage(title: string, explanation: string): Html {
  return page(
    title,
    html`
      <h1>${title}</h1>
      <p>${explanation}</p>
      <p><a href="/">Back to the start</a></p>`,
  );
}
