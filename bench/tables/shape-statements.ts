import { mysqlId } from './mysql';
import type { Shape } from './shapes';

type Value = string | number;

/** A statement with its values, and the session's id wherever the shape wants it. */
export type Statement = readonly [sql: string, values: Value[]];

const now = 'UTC_TIMESTAMP(3)';
const end = `${now} + INTERVAL ? SECOND`;
const day = 86_400;

/** What a store asks of a table, in plain SQL. */
export class ShapeStatements {
  readonly #columns: string;
  readonly #places: string;
  readonly #condition: string;

  constructor(
    private readonly table: string,
    private readonly shape: Shape,
  ) {
    this.#columns = shape.id.map(({ column }) => column).join(', ');
    this.#places = shape.id.map(({ of }) => of('?')).join(', ');
    this.#condition = shape.id.map(({ column, of }) => `${column} = ${of('?')}`).join(' AND ');
  }

  create(): string {
    return `CREATE TABLE ${this.table} (${this.shape.columns}) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin`;
  }

  /** Puts in a live session for each `n` of a query, under its number's id. */
  fill(numbers: string, text: string): Statement {
    const id = this.shape.id.map(({ of }) => of(mysqlId('n'))).join(', ');
    return [
      `INSERT INTO ${this.table} (${this.#columns}, sess, expired, created_at, updated_at)
       SELECT ${id}, ?, ${now} + INTERVAL (86400 - CRC32(n) MOD 3600) SECOND, ${now}, ${now}
       FROM (${numbers}) AS numbers`,
      [text],
    ];
  }

  get(sid: string): Statement {
    return [
      `SELECT sess FROM ${this.table} WHERE ${this.#condition} AND expired > ${now}`,
      this.#values(sid),
    ];
  }

  set(sid: string, text: string): Statement {
    return [
      `INSERT INTO ${this.table} (${this.#columns}, sess, expired, created_at, updated_at)
       VALUES (${this.#places}, ?, ${end}, ${now}, ${now})
       ON DUPLICATE KEY UPDATE sess = VALUES(sess), expired = VALUES(expired), updated_at = VALUES(updated_at)`,
      [...this.#values(sid), text, day],
    ];
  }

  touch(sid: string): Statement {
    return [
      `UPDATE ${this.table} SET expired = ${end}, updated_at = ${now} WHERE ${this.#condition}`,
      [day, ...this.#values(sid)],
    ];
  }

  #values(sid: string): string[] {
    return this.shape.id.map(() => sid);
  }
}
