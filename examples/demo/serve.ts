import { Application } from './application';
import type { DemoDatabase } from './database';
import { prepare } from './installation';
import type { Interruption } from './interruption';
import { say } from './output';
import { stepsUntil } from './step';

/** Installs, starts the application, and leaves it to the reader's own browser until it is interrupted. */
export async function serve(database: DemoDatabase, interruption: Interruption): Promise<void> {
  const step = stepsUntil(interruption);
  const account = await prepare(step, database);
  const app = await step('The application starts, as that account', () => Application.start(account));
  try {
    say(`Open ${app.url} in a browser, and sign in: a name is enough.`);
    say('Sign in by the same name in a second browser, or in a private window. Then follow');
    say('"Where you\'re signed in": either of them can sign the other out.');
    say(`The sessions are in the table ${database.name}.sessions.`);
    say('Ctrl-C ends it, and removes all that was made for it.');
    await Promise.race([interruption.wait(), app.ended]);
    if (!interruption.came) {
      throw new Error(`The application ended with ${await app.ended}.`);
    }
  } finally {
    await app.stop();
  }
}
