import type { Connection } from '../../database';
import { DatabaseError } from '../../errors';
import type { Row } from '../../rows';
import { errno, isJsonTextRefused } from '../../servers';
import { type Refusal, reasonOf, shorten } from './refusal';
import type { Statements, Verdict } from './statements';

/** The rows of a source, by what became of them. */
export interface Tally {
  readonly rows: number;
  /** Sessions that were copied. */
  readonly adopted: number;
  /** Sessions that lived here already, and were left as they are here. */
  readonly present: number;
  readonly expired: number;
  /** Sessions that can't come over. */
  readonly refused: number;
  /** The first hundred of those, and why. */
  readonly refusals: readonly Refusal[];
}

/** A row of the source: the bytes of its id, the id as text, and what becomes of it. */
interface Line {
  readonly key: Buffer;
  readonly id: string;
  readonly verdict: Verdict;
}

const namedAtMost = 100;
const attempts = 5;

/** The ways through a source, a page at a time, in the order of its primary key. */
export class Walk {
  constructor(
    private readonly connection: Connection,
    private readonly statements: Statements,
  ) {}

  /** Tells what would become of each row, and changes nothing. */
  look(onProgress: (done: number) => void): Promise<Tally> {
    return this.walk(async (page) => page, onProgress);
  }

  /** Copies what fits. */
  copy(onProgress: (done: number) => void): Promise<Tally> {
    return this.walk((page, after) => this.copyPage(page, after), onProgress);
  }

  private async walk(
    work: (page: readonly Line[], after: Buffer | undefined) => Promise<readonly Line[]>,
    onProgress: (done: number) => void,
  ): Promise<Tally> {
    const tally = { rows: 0, adopted: 0, present: 0, expired: 0, refused: 0 };
    const refusals: Refusal[] = [];
    let after: Buffer | undefined;
    for (;;) {
      const page = await this.page(after);
      if (page.length === 0) {
        return { ...tally, refusals };
      }
      for (const line of await work(page, after)) {
        tally.rows++;
        tally[outcomes[line.verdict]]++;
        if (outcomes[line.verdict] === 'refused' && refusals.length < namedAtMost) {
          refusals.push({ sid: shorten(line.id), reason: await this.reasonFor(line) });
        }
      }
      after = page.at(-1)?.key;
      onProgress(tally.rows);
    }
  }

  private async page(after: Buffer | undefined): Promise<Line[]> {
    const { look, ids } = this.statements;
    try {
      return (await this.pageOf(look, after)).map(lineOf);
    } catch (error) {
      assertJsonTextRefused(error);
    }
    // MySQL calls no text that nests too deep invalid, but fails: then it has to be asked of each row.
    const lines: Line[] = [];
    for (const row of await this.pageOf(ids, after)) {
      lines.push(await this.lookAtOne(row));
    }
    return lines;
  }

  private pageOf(statement: (first: boolean) => string, after: Buffer | undefined): Promise<readonly Row[]> {
    return after ? this.connection.query(statement(false), [after]) : this.connection.query(statement(true));
  }

  private async lookAtOne(row: Row): Promise<Line> {
    const line = lineOf(row);
    try {
      const [found] = await this.connection.query(this.statements.lookAtOne(), [line.key]);
      return found ? lineOf(found) : { ...line, verdict: 'expired' };
    } catch (error) {
      assertJsonTextRefused(error);
      return line;
    }
  }

  /** @returns the page, with what the server refused after all */
  private async copyPage(page: readonly Line[], after: Buffer | undefined): Promise<readonly Line[]> {
    const last = page.slice(-1).map(({ key }) => key);
    try {
      await this.write(this.statements.copyRange(after === undefined), after ? [after, ...last] : last);
      return page;
    } catch (error) {
      assertJsonTextRefused(error);
    }
    const lines: Line[] = [];
    for (const line of page) {
      lines.push(line.verdict === 'fits' ? await this.copyOne(line) : line);
    }
    return lines;
  }

  private async copyOne(line: Line): Promise<Line> {
    try {
      await this.write(this.statements.copyOne(), [line.key]);
      return line;
    } catch (error) {
      assertJsonTextRefused(error);
      return { ...line, verdict: 'wrongText' };
    }
  }

  // A batch gives way to the requests of users that are under way in either table, and is then tried again.
  private async write(statement: string, keys: readonly Buffer[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.connection.query(statement, keys);
        return;
      } catch (error) {
        if (attempt === attempts || !gaveWay(error)) {
          throw error;
        }
      }
    }
  }

  private async reasonFor({ key, verdict }: Line): Promise<string> {
    switch (verdict) {
      case 'wrongId':
        return 'its id is not made of 1 to 255 visible ASCII characters';
      case 'noObject':
        return 'its data is JSON, but no object';
      default: {
        const [row] = await this.connection.query(this.statements.data(), [key]);
        return reasonOf(typeof row?.[0] === 'string' ? row[0] : null);
      }
    }
  }
}

const outcomes = {
  fits: 'adopted',
  present: 'present',
  expired: 'expired',
  wrongId: 'refused',
  wrongText: 'refused',
  noObject: 'refused',
} as const satisfies Record<Verdict, keyof Tally>;

function lineOf([key, id, verdict]: Row): Line {
  return {
    key: Buffer.isBuffer(key) ? key : Buffer.from(String(key)),
    id: String(id),
    verdict: isVerdict(verdict) ? verdict : 'wrongText',
  };
}

function isVerdict(value: unknown): value is Verdict {
  return typeof value === 'string' && Object.hasOwn(outcomes, value);
}

function gaveWay(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    (error.errno === errno.deadlock || error.errno === errno.lockWaitTimeout)
  );
}

function assertJsonTextRefused(error: unknown): void {
  if (!(error instanceof DatabaseError) || !isJsonTextRefused(error.errno)) {
    throw error;
  }
}
