import { createAccount } from './account';
import { check } from './check';
import { runCommand } from './command-line';
import type { DemoDatabase } from './database';
import { answer, say } from './output';
import type { Visitor } from './visitor';

/** What support does for somebody who calls: an account of its own, and no SQL. */
export async function endAllSessions(database: DemoDatabase, visitor: Visitor): Promise<void> {
  const support = await createAccount(database, 'support');
  answer(await runCommand(database.url, 'grant', support.name, '--role', 'operator'));

  say("MYSQL_URL names support's account now.");
  const condition = `user_id=${visitor.name.toLowerCase()}`;
  const listed = await runCommand(support.url, 'list', '--where', condition);
  answer(listed);
  check(`Support finds ${visitor.name}'s session.`, listed.includes(await visitor.sessionId()), listed);

  const ended = await runCommand(support.url, 'end', '--where', condition);
  answer(ended);
  check('It is ended.', /\b1 session ended/.test(ended), ended);
  await visitor.isNoLongerSignedIn();
}
