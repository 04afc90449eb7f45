import { usualUser } from './data';

/** How many sessions those users have who are looked for. A tenth of a table's sessions are of each such kind. */
export const sessionCounts = [1, 10, 100] as const;

export type SessionCount = (typeof sessionCounts)[number];

const kinds = 10;
const billion = 1_000_000_000;

/** Users are numbers. Each kind has a range of its own, by how many sessions its users have: this is where it begins. */
const firsts: Record<SessionCount, number> = { 1: billion, 10: 2 * billion, 100: 3 * billion };
const firstOfOthers = 4 * billion;
const firstPassing = 5 * billion;
const firstOfBatches = 10 * billion;

/** How many there are that users are changed to. */
const passing = 1_000;

/** The user of a table's session with this number, as SQL. Users who are looked for have their sessions all over the table. */
export function mysqlUser(number: string): string {
  const cases = sessionCounts.map(
    (count, kind) => `WHEN ${kind} THEN ${firsts[count]} + (${number} - 1) DIV ${kinds * count}`,
  );
  return `CASE (${number} - 1) MOD ${kinds} ${cases.join(' ')} ELSE ${firstOfOthers} + (${number} - 1) DIV ${kinds} END`;
}

/** How many users with so many sessions a table has. */
export function usersWith(sessions: SessionCount, rows: number): number {
  return Math.floor(rows / kinds / sessions);
}

/** One of the users with so many sessions, by a number from 0. */
export function userWith(sessions: SessionCount, index: number): number {
  return firsts[sessions] + index;
}

/** Whether the user is one of those who are to keep their sessions, as they are looked for. */
export function isLookedFor(user: number): boolean {
  return user < firstOfOthers;
}

/** Somebody whom sessions are given to: one of a thousand, who have none at first. */
export function passingUser(index = Math.floor(Math.random() * passing)): number {
  return firstPassing + index;
}

/** Users that come with sessions of their own, and are never the same again. */
export function batchUser(sessions: SessionCount, index: number): number {
  return firstOfBatches + sessions * billion + index;
}

/** The text of a session that is somebody's, as SQL. The text itself is a placeholder. */
export function ownedText(user: string): string {
  const upTo = (id: string) => `'"user":{"id":${id}`;
  return `REPLACE(?, ${upTo(`${usualUser},'`)}, CONCAT(${upTo("'")}, ${user}, ','))`;
}
