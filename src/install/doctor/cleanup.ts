import { quoteIdentifier } from '../names';
import type { Observation, Patient } from './check';

/** Whether somebody cleans up: nothing that expired an hour ago should still be there. */
export async function examineCleanup({ target, installed }: Patient): Promise<Observation[]> {
  if (!installed.columns.some(({ name }) => name === 'expired')) {
    return [];
  }
  const [row] = await target.connection.query(
    `SELECT COUNT(*), TIMESTAMPDIFF(MINUTE, MIN(\`expired\`), UTC_TIMESTAMP(3))
     FROM ${quoteIdentifier(target.names.table)} WHERE \`expired\` <= UTC_TIMESTAMP(3)`,
  );
  const [waiting, minutes] = [Number(row?.[0]), Number(row?.[1] ?? 0)];
  const late = minutes >= 60;
  return [
    {
      subject: 'expired sessions',
      state: late ? 'finding' : 'ok',
      expected: 'none that expired more than an hour ago',
      found: waiting === 0 ? 'none' : `${waiting}, the oldest for ${minutes} minutes`,
      remedy: late ? ['knex-mysql-session gc'] : [],
    },
  ];
}
