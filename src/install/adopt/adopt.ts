import type { ConnectedConfig } from '../install-config';
import { assertNothingPending, makePlan } from '../run/plan';
import { findSource } from './source';
import type { SourceKind } from './source-kind';
import { type AdoptionCounts, SourceScanner } from './source-scanner';
import { createStatements } from './statements';

/** The result of an adoption, or of its dry run. */
export interface Adoption extends AdoptionCounts {
  /** The source table with its database: `shop.old_sessions`. */
  readonly source: string;
  /** The package that made the table. */
  readonly kind: SourceKind;
}

export interface AdoptionOptions {
  /** Only counts the sessions, and changes nothing. @default false */
  readonly dryRun?: boolean | undefined;
  /** Called with the expected result, before anything changes. */
  readonly onSurvey?: (expected: Adoption) => void;
  /** Called after each batch. The total is undefined while the rows are counted. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

const pageSize = 500;

/**
 * Copies the live sessions of another package's table, which stays unchanged. Can be repeated:
 * sessions that the installation already has are skipped.
 */
export async function adoptTable(
  config: ConnectedConfig,
  sourceName: string,
  { dryRun = false, onSurvey, onProgress }: AdoptionOptions = {},
): Promise<Adoption> {
  assertNothingPending(await makePlan(config));
  // The other store wrote its times in the time zone of the server.
  await config.connection.query('SET SESSION time_zone = @@GLOBAL.time_zone');
  const source = await findSource(config, sourceName);
  const origin = { source: `${source.database}.${source.table}`, kind: source.kind };
  const statements = createStatements(config, source, pageSize);
  const scanner = new SourceScanner(config.connection, statements);
  const counts = await scanner.count((done) => onProgress?.(done, undefined));
  const expected = { ...origin, ...counts };
  onSurvey?.(expected);
  if (dryRun) {
    return expected;
  }
  const copied = await scanner.copy((done) => onProgress?.(done, counts.rows));
  return { ...origin, ...copied };
}
