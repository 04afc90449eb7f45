import { note, type Observation, type Patient } from './check';

/** How far the server's clock is from this machine's. Only the server's counts, so no difference is wrong. */
export async function examineClock({ target }: Patient): Promise<Observation[]> {
  const before = Date.now();
  const [row] = await target.connection.query(
    "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000",
  );
  const after = Date.now();
  const seconds = Math.round((Number(row?.[0]) - (before + after) / 2) / 1000);
  const subject = "the server's clock";
  const expected = "within 5 seconds of this machine's";
  if (Math.abs(seconds) <= 5) {
    return [{ subject, state: 'ok', expected, found: expected, remedy: [] }];
  }
  const found = `${Math.abs(seconds)} seconds ${seconds > 0 ? 'ahead' : 'behind'}; sessions go by the server's clock alone`;
  return [note(subject, expected, found)];
}
