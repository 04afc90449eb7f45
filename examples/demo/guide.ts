import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Html, html, joined, page } from '../app/html';

/** A row of the table, without the secret part of its id. */
export interface SessionRow {
  readonly sid: string;
  readonly userId: string | null;
  /** Times of the server, in UTC. */
  readonly expired: string;
  readonly updatedAt: string;
}

export interface Guide {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a page that explains what to click in the application, and shows the rows. */
export async function serveGuide(
  appUrl: string,
  readRows: () => Promise<readonly SessionRow[]>,
): Promise<Guide> {
  const server = createServer((request, response) => {
    if (request.url !== '/') {
      response.writeHead(404).end();
      return;
    }
    readRows().then(
      (rows) => {
        // The browser loads the page again every two seconds, without a script.
        response.setHeader('Refresh', '2');
        response.setHeader('Content-Type', 'text/html; charset=utf-8');
        response.end(guidePage(appUrl, rows).text);
      },
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function guidePage(appUrl: string, rows: readonly SessionRow[]): Html {
  return page(
    'Try the sessions',
    html`
      <h1>Try the sessions</h1>
      <ol>
        <li><a href="${appUrl}" target="_blank">Open the application</a> and sign in. A name is enough.</li>
        <li>Open <strong>${appUrl}</strong> in a private window or another browser. Sign in with the same name.</li>
        <li>In one of them, follow <strong>Where you're signed in</strong>. It lists both.</li>
        <li>Sign out the other one there. Load its page again: it asks for a name.</li>
      </ol>
      <h2>The rows of the table sessions</h2>
      <p class="soft">This page reads them every two seconds, as the DBA. The application's account cannot: it can only execute routines.</p>
      <ul class="devices" role="list">${
        rows.length > 0
          ? joined(rows.map(rowItem))
          : html`
        <li>No row yet: sign in.</li>`
      }
      </ul>
      <p class="soft">Press Ctrl-C in the terminal to stop, and to drop the database and its accounts.</p>`,
  );
}

function rowItem({ sid, userId, expired, updatedAt }: SessionRow): Html {
  return html`
        <li>
          <div class="about">
            <h2>${userId ?? 'not signed in'}</h2>
            <p class="soft">${sid}… · written ${updatedAt} · ends ${expired} (UTC)</p>
          </div>
        </li>`;
}
