import { eventStatusOf } from '../event-status';
import { compare, note, type Observation, type Patient } from './check';
import { holdsThroughout, premisesOf, rightsOf } from './rights';

// To an account without the right to them, the catalogue hides events.
async function seesEvents(target: Patient['target']): Promise<boolean> {
  return holdsThroughout(await rightsOf(target.connection), ['EVENT'], premisesOf(target, []));
}

/** The cleanup in the database, where one was asked for: that the server really runs it. */
export async function examineEvent({ target, installed }: Patient): Promise<Observation[]> {
  const [row] = await target.connection.query('SELECT @@GLOBAL.event_scheduler');
  const scheduler = note('event scheduler', 'ON, where there is an event', String(row?.[0]));
  const event = await eventStatusOf(target, installed);
  if (event === null) {
    return [{ ...scheduler, state: 'ok' }];
  }
  if (!installed.event && !(await seesEvents(target))) {
    return [
      scheduler,
      { ...note(`event ${event.name}`, 'an event', 'none that this account may see'), state: 'unknown' },
    ];
  }
  const runs = `runs every ${event.every} seconds`;
  return [scheduler, compare(`event ${event.name}`, runs, event.trouble ?? runs)];
}
