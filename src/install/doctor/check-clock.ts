import { type CheckResult, note } from './check-result';
import type { DoctorContext } from './doctor-context';

const toleratedSeconds = 5;

/** Compares the server's clock with this machine's. A difference is only a note. */
export async function checkClock({ config }: DoctorContext): Promise<CheckResult[]> {
  const before = Date.now();
  const [row] = await config.connection.query(
    "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000",
  );
  const after = Date.now();
  const difference = Math.round((Number(row?.[0]) - (before + after) / 2) / 1000);
  const seconds = Math.abs(difference);
  const subject = "the server's clock";
  const expected = `within ${toleratedSeconds} seconds of this machine's`;
  if (seconds <= toleratedSeconds) {
    return [{ subject, state: 'ok', expected, found: expected, remedy: [] }];
  }
  const direction = difference > 0 ? 'ahead of' : 'behind';
  return [
    note(
      subject,
      expected,
      `${seconds} seconds ${direction} this machine's; sessions expire by the server's clock`,
    ),
  ];
}
