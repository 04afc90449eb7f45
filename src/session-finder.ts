import { type AttributeKind, attributeText, longestText } from './attributes';
import { destroyAll } from './destroy-all';
import { ArgumentError, describe, describeKind, RoutineNotGrantedError } from './errors';
import { pagesOf } from './pages';
import type { Routines, SessionRow } from './routines';
import { isSessionId } from './session-id';
import type { StoredIds } from './stored-ids';

/** A live session that was found by an attribute. */
export interface FoundSession<Session> {
  /** As the database has it: with the option `hashIds` that is a hash, which `destroyStored` takes. */
  readonly id: string;
  readonly session: Session;
  /** When it ends, unless it is prolonged. */
  readonly expires: Date;
  readonly createdAt: Date;
}

/** What `destroyBy` can be told besides. */
export interface DestroyByOptions {
  /** The id of a session to keep: that of the request, where others are to be logged out. */
  readonly except?: string | undefined;
}

/** Makes a session of its row, read when `asked`; undefined where it is over, by the options of the store. */
type Reader<Session> = (sid: string, row: SessionRow, asked: number) => FoundSession<Session> | undefined;

/** How many sessions are read in a call. */
const pageSize = 100;

/** Sessions by what is in them. */
export class SessionFinder<Session extends object> {
  /**
   * @param open rejects where the routines must not be called
   * @param kinds the attributes that the application declared
   */
  constructor(
    private readonly routines: Routines,
    private readonly open: () => Promise<unknown>,
    private readonly kinds: ReadonlyMap<string, AttributeKind>,
    private readonly ids: Pick<StoredIds, 'of'>,
    private readonly read: Reader<Session>,
  ) {}

  /** Resolves when each attribute can be used in one way at least; rejects with the remedy. */
  async ready(): Promise<void> {
    for (const attribute of this.kinds.keys()) {
      try {
        await this.routines.findBy(attribute, '', '', 1);
      } catch (error) {
        if (!(error instanceof RoutineNotGrantedError)) {
          throw error;
        }
        // Whoever only ends sessions need not be able to find them.
        await this.routines.destroyBy(attribute, null, null, 1).catch(() => {
          throw error;
        });
      }
    }
  }

  /** The live sessions whose attribute has the value, in the order of their ids, a page of them at a time. */
  async *findBy(attribute: string, value: unknown): AsyncGenerator<FoundSession<Session>, void, undefined> {
    const text = this.#text(attribute, value);
    await this.open();
    if (!isFindable(text)) {
      return;
    }
    let asked = 0;
    const pages = pagesOf(
      (after) => {
        asked = performance.now();
        return this.routines.findBy(attribute, text, after, pageSize);
      },
      ({ sid }) => sid,
      pageSize,
    );
    for await (const page of pages) {
      for (const row of page) {
        const found = this.read(row.sid, row, asked);
        if (found) {
          yield found;
        }
      }
    }
  }

  /** @returns how many sessions were ended */
  async destroyBy(attribute: string, value: unknown, options: DestroyByOptions = {}): Promise<number> {
    const text = this.#text(attribute, value);
    const kept = exceptOf(options);
    const except = kept === null ? null : this.ids.of(kept);
    await this.open();
    return isFindable(text) ? destroyAll(this.routines, attribute, text, except) : 0;
  }

  #text(attribute: string, value: unknown): string {
    const kind = this.kinds.get(attribute);
    if (kind === undefined) {
      const names = [...this.kinds.keys()].join(', ') || 'none yet';
      throw new ArgumentError(
        'attribute',
        `one of those in the store's option \`attributes\` (${names})`,
        describe(attribute),
      );
    }
    return attributeText(kind, value);
  }
}

// No session has a longer one, and a statement may only be so long.
function isFindable(text: string): boolean {
  return text.length <= 2 * longestText;
}

function exceptOf(options: unknown): string | null {
  if (typeof options !== 'object' || options === null) {
    throw new ArgumentError('options', 'an object such as { except: req.sessionID }', describe(options));
  }
  const unknown = Object.keys(options).find((name) => name !== 'except');
  if (unknown !== undefined) {
    throw new ArgumentError('options', 'made of except', `\`${unknown}\``);
  }
  const except: unknown = Reflect.get(options, 'except');
  if (except === undefined) {
    return null;
  }
  // The message does not show the id: whoever reads a log could use it.
  if (!isSessionId(except)) {
    throw new ArgumentError('except', "a session's id, or left out", `${describeKind(except)} that is none`);
  }
  return except;
}
