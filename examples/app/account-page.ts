import type { Device } from './devices';
import { Html, html } from './html';
import { page, tokenField } from './page';
import { ago, momentOf } from './times';
import type { User } from './user';

/** What the account page shows. */
export interface AccountView {
  readonly user: User;
  readonly devices: readonly Device[];
  /** What was just done. */
  readonly notice: string | undefined;
  readonly token: string;
}

export function accountPage({ user, devices, notice, token }: AccountView): Html {
  return page(
    "Where you're signed in",
    html`
      <h1>Where you're signed in</h1>
      <p id="status">Signed in as <strong>${user.name}</strong>.</p>
      ${notice === undefined ? '' : html`<p class="notice" role="status">${notice}</p>`}
      <ul class="devices" role="list">${joined(devices.map((device) => item(device, token)))}
      </ul>
      <div class="actions">
        ${devices.some(({ isOwn }) => !isOwn) ? othersForm(token) : html`<span>You're signed in nowhere else.</span>`}
        <a href="/">Back to the start</a>
      </div>`,
  );
}

function item(device: Device, token: string): Html {
  return html`
        <li>
          <div class="about">
            <h2>${device.name}</h2>
            <p class="soft">Last seen ${time(device.lastSeen, ago(device.lastSeen))}</p>
            <p class="soft">Signed in since ${time(device.signedInAt, momentOf(device.signedInAt))}</p>
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

function time(moment: Date, text: string): Html {
  return html`<time datetime="${moment.toISOString()}">${text}</time>`;
}

function joined(parts: readonly Html[]): Html {
  return new Html(parts.map(({ text }) => text).join(''));
}
