import type { ExecutionContext } from 'ava';
import type { RunningProgram } from '../../../examples/demo/program';
import { openDatabase } from '../../database';
import { start } from './example';

/** Starts the demo; it is under way when its application has printed its URL. */
export function startDemo(t: ExecutionContext, ...parameters: readonly string[]): Promise<RunningProgram> {
  return start(t, 'examples/demo.ts', {}, parameters);
}

/** What a demo has left on the server: databases, accounts and connections of the name that it gave them. */
export async function leftOf(t: ExecutionContext, demo: RunningProgram): Promise<string[]> {
  const [name = 'no name was printed'] = /demo_[0-9a-f]{8}/.exec(demo.output()) ?? [];
  const administrator = openDatabase(t, process.env.MYSQL_URL ?? '');
  const databases = await administrator.query('SHOW DATABASES');
  const accounts = await administrator.query('SELECT user FROM mysql.user');
  const connections = await administrator.query('SHOW PROCESSLIST');
  return [databases, accounts, connections].flatMap((rows) =>
    rows.map((row) => row.join(' ')).filter((row) => row.includes(name)),
  );
}
