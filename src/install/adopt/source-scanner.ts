import type { Connection } from '../../database/connection';
import { errno } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import { explainRefusal, type Refusal, shortenId } from './refusal';
import { assertJsonTextRefused, SourceReader, type SourceRow } from './source-reader';
import type { RefusedOutcome, RowOutcome, Statements } from './statements';

/** The rows of a source table, counted by outcome. */
export interface AdoptionCounts {
  readonly rows: number;
  /** Sessions that were copied. */
  readonly adopted: number;
  /** Sessions that the installation already has. They stay unchanged. */
  readonly present: number;
  readonly expired: number;
  /** Sessions that can't be adopted. */
  readonly refused: number;
  /** The first hundred refused sessions, with reasons. */
  readonly refusals: readonly Refusal[];
}

/** Handles a page of rows and returns them with their final outcomes. */
type PageHandler = (
  page: readonly SourceRow[],
  after: Buffer | undefined,
) => Promise<readonly SourceRow[]>;

const maxRefusals = 100;
const maxAttempts = 5;

/** The count that each outcome adds to. */
const countNames = {
  adoptable: 'adopted',
  present: 'present',
  expired: 'expired',
  invalidId: 'refused',
  invalidJson: 'refused',
  notAnObject: 'refused',
} as const satisfies Record<RowOutcome, keyof AdoptionCounts>;

/** Counts or copies the rows of a source table, page by page in the order of the primary key. */
export class SourceScanner {
  private readonly reader: SourceReader;

  constructor(
    private readonly connection: Connection,
    private readonly statements: Statements,
  ) {
    this.reader = new SourceReader(connection, statements);
  }

  /** Counts the rows by outcome. Changes nothing. */
  count(onProgress: (done: number) => void): Promise<AdoptionCounts> {
    return this.scan(async (page) => page, onProgress);
  }

  /** Copies the adoptable rows, and counts all rows by outcome. */
  copy(onProgress: (done: number) => void): Promise<AdoptionCounts> {
    return this.scan((page, after) => this.copyPage(page, after), onProgress);
  }

  private async scan(
    handlePage: PageHandler,
    onProgress: (done: number) => void,
  ): Promise<AdoptionCounts> {
    const counts = { rows: 0, adopted: 0, present: 0, expired: 0, refused: 0 };
    const refusals: Refusal[] = [];
    let after: Buffer | undefined;
    for (;;) {
      const page = await this.reader.readPage(after);
      if (page.length === 0) {
        return { ...counts, refusals };
      }
      for (const row of await handlePage(page, after)) {
        counts.rows++;
        counts[countNames[row.outcome]]++;
        if (isRefused(row.outcome) && refusals.length < maxRefusals) {
          // Only this reason depends on the data, which may be large.
          const data = row.outcome === 'invalidJson' ? await this.reader.readData(row) : null;
          refusals.push({ sid: shortenId(row.id), reason: explainRefusal(row.outcome, data) });
        }
      }
      after = page.at(-1)?.key;
      onProgress(counts.rows);
    }
  }

  // If the server refuses a text only when it is written, the page is copied row by row.
  private async copyPage(
    page: readonly SourceRow[],
    after: Buffer | undefined,
  ): Promise<readonly SourceRow[]> {
    const isFirst = after === undefined;
    const last = page.slice(-1).map(({ key }) => key);
    try {
      await this.write(this.statements.copyPage(isFirst), isFirst ? last : [after, ...last]);
      return page;
    } catch (error) {
      assertJsonTextRefused(error);
    }
    const rows: SourceRow[] = [];
    for (const row of page) {
      rows.push(row.outcome === 'adoptable' ? await this.copyRow(row) : row);
    }
    return rows;
  }

  private async copyRow(row: SourceRow): Promise<SourceRow> {
    try {
      await this.write(this.statements.copyRow(), [row.key]);
      return row;
    } catch (error) {
      assertJsonTextRefused(error);
      return { ...row, outcome: 'invalidJson' };
    }
  }

  // Users' requests lock rows of both tables, so a copy can lose a deadlock or time out.
  private async write(statement: string, keys: readonly Buffer[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.connection.query(statement, keys);
        return;
      } catch (error) {
        if (attempt === maxAttempts || !isLockError(error)) {
          throw error;
        }
      }
    }
  }
}

function isRefused(outcome: RowOutcome): outcome is RefusedOutcome {
  return countNames[outcome] === 'refused';
}

function isLockError(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    (error.errno === errno.deadlock || error.errno === errno.lockWaitTimeout)
  );
}
