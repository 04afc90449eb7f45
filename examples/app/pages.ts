import type { Device } from './device';
import { type Html, html, joined, page } from './html';
import { longestName, type User } from './session';

export function signInPage(problem = ''): Html {
  return page(
    'Sign in',
    html`
      <h1>Sign in</h1>
      <p id="status">You are not signed in.</p>
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

export interface AccountPageData {
  readonly user: User;
  readonly devices: readonly Device[];
  /** What the last request did. */
  readonly notice: string | undefined;
  readonly token: string;
}

/** Lists the devices on which the user is signed in, with buttons to sign them out. */
export function accountPage({ user, devices, notice, token }: AccountPageData): Html {
  return page(
    "Where you're signed in",
    html`
      <h1>Where you're signed in</h1>
      <p id="status">Signed in as <strong>${user.name}</strong>.</p>
      ${notice === undefined ? '' : html`<p class="notice" role="status">${notice}</p>`}
      <ul class="devices" role="list">${joined(devices.map((device) => deviceItem(device, token)))}
      </ul>
      <div class="actions">
        ${devices.some(({ isOwn }) => !isOwn) ? othersForm(token) : html`<span>You're signed in nowhere else.</span>`}
        <a href="/">Back to the start</a>
      </div>`,
  );
}

function deviceItem(device: Device, token: string): Html {
  return html`
        <li>
          <div class="about">
            <h2>${device.name}</h2>
            <p class="soft">Last seen ${time(device.lastSeen, relativeTime(device.lastSeen))}</p>
            <p class="soft">Signed in since ${time(device.signedInAt, utcTime(device.signedInAt))}</p>
          </div>
          ${device.isOwn ? html`<span class="own">This device</span>` : deviceForm(device, token)}
        </li>`;
}

function deviceForm({ handle, name }: Device, token: string): Html {
  return html`<form method="post" action="/account/sign-out">
            ${tokenField(token)}
            <input type="hidden" name="device" value="${handle}">
            <button>Sign out<span class="hidden"> ${name}</span></button>
          </form>`;
}

function othersForm(token: string): Html {
  return html`<form method="post" action="/account/sign-out-others">
          ${tokenField(token)}
          <button>Sign out everywhere else</button>
        </form>`;
}

/** Returns the field that `requireFormToken` checks. */
function tokenField(token: string): Html {
  return html`<input type="hidden" name="token" value="${token}">`;
}

function time(moment: Date, text: string): Html {
  return html`<time datetime="${moment.toISOString()}">${text}</time>`;
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

const relativeFormat = new Intl.RelativeTimeFormat('en');

/** Returns for example "5 minutes ago". */
export function relativeTime(moment: Date, now = Date.now()): string {
  const age = now - moment.getTime();
  const [unit, length] = units.find(([, length]) => age >= length) ?? [];
  return unit === undefined ? 'just now' : relativeFormat.format(-Math.floor(age / length), unit);
}

// Without scripts, the browser's time zone is unknown.
const utcFormat = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** Returns for example "8 October 2025 at 14:03 UTC". */
export function utcTime(moment: Date): string {
  return `${utcFormat.format(moment)} UTC`;
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
