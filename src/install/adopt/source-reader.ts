import type { Connection, Row } from '../../database/connection';
import { isJsonTextRefused } from '../../database/error-codes';
import { DatabaseError } from '../../errors';
import { type RowOutcome, rowOutcomes, type Statements } from './statements';

export interface SourceRow {
  /** The bytes of the id. */
  readonly key: Buffer;
  readonly id: string;
  readonly outcome: RowOutcome;
}

/** Reads the rows of a source table, and what the server says of each. */
export class SourceReader {
  constructor(
    private readonly connection: Connection,
    private readonly statements: Statements,
  ) {}

  /** Reads the page of rows after an id, or the first page. */
  async readPage(after: Buffer | undefined): Promise<SourceRow[]> {
    const { page, pageIds } = this.statements;
    try {
      return (await this.queryPage(page, after)).map(toSourceRow);
    } catch (error) {
      assertJsonTextRefused(error);
    }
    // On MySQL, one JSON text that is nested too deep fails the whole page: test each row.
    const rows: SourceRow[] = [];
    for (const row of await this.queryPage(pageIds, after)) {
      rows.push(await this.readRow(toSourceRow(row)));
    }
    return rows;
  }

  async readData({ key }: SourceRow): Promise<string | null> {
    const [row] = await this.connection.query(this.statements.data(), [key]);
    return typeof row?.[0] === 'string' ? row[0] : null;
  }

  private queryPage(
    statement: (isFirst: boolean) => string,
    after: Buffer | undefined,
  ): Promise<readonly Row[]> {
    return after
      ? this.connection.query(statement(false), [after])
      : this.connection.query(statement(true));
  }

  // A row that was deleted after its id was read counts as expired.
  private async readRow(row: SourceRow): Promise<SourceRow> {
    try {
      const [found] = await this.connection.query(this.statements.row(), [row.key]);
      return found ? toSourceRow(found) : { ...row, outcome: 'expired' };
    } catch (error) {
      assertJsonTextRefused(error);
      return { ...row, outcome: 'invalidJson' };
    }
  }
}

/** Rethrows an error, unless the server refused a text as JSON. */
export function assertJsonTextRefused(error: unknown): void {
  if (!(error instanceof DatabaseError) || !isJsonTextRefused(error.errno)) {
    throw error;
  }
}

function toSourceRow([key, id, outcome]: Row): SourceRow {
  return {
    key: Buffer.isBuffer(key) ? key : Buffer.from(String(key)),
    id: String(id),
    outcome: rowOutcomes.find((known) => known === outcome) ?? 'invalidJson',
  };
}
