import { errno, isDenied } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import { restartWith } from '../command';
import type { ConnectedConfig } from '../install-config';
import { type CheckResult, compare, note } from './check-result';
import type { DoctorContext } from './doctor-context';

/** Settings with which the server refuses the writes of the application. */
const writeSettings = [
  'read_only',
  'super_read_only',
  'innodb_read_only',
  'transaction_read_only',
  'offline_mode',
];

/** The name of `transaction_read_only` in MariaDB before 11.1, and an alias since. */
const oldTransactionSetting = 'tx_read_only';

/** Checks the settings of the server that could keep a routine from working, and its clock. */
export async function checkServer({ config }: DoctorContext): Promise<CheckResult[]> {
  const settings = await readSettings(config);
  return [
    ...(await checkWrites(config, settings)),
    checkAutocommit(settings),
    await checkClock(config),
  ];
}

async function readSettings({ connection }: ConnectedConfig): Promise<Map<string, string>> {
  const rows = await connection.query('SHOW GLOBAL VARIABLES');
  return new Map(rows.map(([name, value]) => [String(name), String(value)]));
}

async function checkWrites(
  config: ConnectedConfig,
  settings: ReadonlyMap<string, string>,
): Promise<CheckResult[]> {
  const subject = 'writes';
  const expected = 'the server takes them';
  const names = settings.has('transaction_read_only')
    ? writeSettings
    : [...writeSettings, oldTransactionSetting];
  const refusing = names.filter((name) => !['OFF', '0', undefined].includes(settings.get(name)));
  if (refusing.length === 0) {
    return [compare(subject, expected, expected)];
  }
  const found = `refused: ${refusing.map((name) => `${name} is ${settings.get(name)}`).join(', ')}`;
  const source = await readSource(config);
  if (source !== undefined) {
    return [note(subject, expected, `${found}; ${source}`)];
  }
  const remedy = refusing.map((name) =>
    name === 'innodb_read_only'
      ? restartWith('innodb_read_only = OFF')
      : `SET GLOBAL ${name} = OFF;`,
  );
  // super_read_only implies read_only, so it must go first.
  return [compare(subject, expected, found, ...remedy.sort().reverse())];
}

/** Returns what replicates to this server, or why that is not known; `undefined` for nothing. */
async function readSource({
  connection,
  capabilities,
}: ConnectedConfig): Promise<string | undefined> {
  try {
    const rows = await connection.query(
      capabilities.readsMariaDbComments ? 'SHOW ALL SLAVES STATUS' : 'SHOW REPLICA STATUS',
    );
    return rows.length > 0 ? 'it is a replica' : undefined;
  } catch (error) {
    const errorNumber = error instanceof DatabaseError ? error.errno : undefined;
    // MySQL before 8.0.22 has another name for the statement.
    if (isDenied(errorNumber) || errorNumber === errno.parseError) {
      return 'it may be a replica: this account may not see that';
    }
    throw error;
  }
}

function checkAutocommit(settings: ReadonlyMap<string, string>): CheckResult {
  return compare('autocommit', 'ON', settings.get('autocommit'), 'SET GLOBAL autocommit = ON;');
}

const toleratedSeconds = 5;

// A difference is only a note: sessions expire by the server's clock.
async function checkClock({ connection }: ConnectedConfig): Promise<CheckResult> {
  const before = Date.now();
  const [row] = await connection.query(
    "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000",
  );
  const after = Date.now();
  const difference = Math.round((Number(row?.[0]) - (before + after) / 2) / 1000);
  const seconds = Math.abs(difference);
  const subject = "the server's clock";
  const expected = `within ${toleratedSeconds} seconds of this machine's`;
  if (seconds <= toleratedSeconds) {
    return compare(subject, expected, expected);
  }
  const direction = difference > 0 ? 'ahead of' : 'behind';
  return note(
    subject,
    expected,
    `${seconds} seconds ${direction} this machine's; sessions expire by the server's clock`,
  );
}
