import { refusePending, survey } from '../survey';
import type { ConnectedTarget } from '../target';
import type { SourceKind } from './kinds';
import { findSource, sourceName } from './source';
import { statementsFor } from './statements';
import { type Tally, Walk } from './walk';

/** What became of the rows of a table, or, in a dry run, what would become of them. */
export interface Adoption extends Tally {
  /** The table, with its database. */
  readonly source: string;
  /** The package whose table it is. */
  readonly kind: SourceKind;
}

export interface AdoptionOptions {
  /** Only look, and change nothing. @default false */
  readonly dryRun?: boolean | undefined;
  /** Called with what is going to happen, before anything does. */
  readonly onSurvey?: (expected: Adoption) => void;
  /** Called after each batch; the total is not known while the rows are looked at for the first time. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

const pageSize = 500;

/** Copies the live sessions of another store's table; it stays as it is, and the copying can be repeated. */
export async function adoptTable(
  target: ConnectedTarget,
  sourceTable: string,
  { dryRun = false, onSurvey, onProgress }: AdoptionOptions = {},
): Promise<Adoption> {
  refusePending(target, (await survey(target)).pending);
  const source = await findSource(target, sourceTable);
  const walk = new Walk(target.connection, statementsFor(target, source, pageSize));
  const named = { source: sourceName(source).replaceAll('`', ''), kind: source.kind };
  const expected = { ...named, ...(await walk.look((done) => onProgress?.(done, undefined))) };
  onSurvey?.(expected);
  return dryRun ? expected : { ...named, ...(await walk.copy((done) => onProgress?.(done, expected.rows))) };
}
