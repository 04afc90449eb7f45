import { type ConnectionOptions, hostName } from './connection-settings';
import { DatabaseError } from './errors';
import { isHostFailure } from './servers';

/** What speaks against a host: undefined where it is up, ready and writable. Never rejects. */
export type HostCheck = (settings: ConnectionOptions) => Promise<DatabaseError | undefined>;

/** How long after it was found unfit a host further ahead is looked at again, in milliseconds. */
const lookAgainAfter = 10_000;

/** A host that was found fit. */
interface Choice {
  readonly settings: ConnectionOptions;
  /** How many hosts stand ahead of it. */
  readonly rank: number;
  /** Whether something has spoken against it since. */
  isSuspect: boolean;
}

/** Several hosts with the same sessions: each new connection goes to the first that is up, ready and writable. */
export class Hosts {
  #choice: Choice | undefined;
  #choosing: Promise<Choice> | undefined;
  #isLookingAhead = false;
  #lookAgainAt = 0;
  readonly #choices = new WeakMap<object, Choice>();

  constructor(
    private readonly hosts: readonly ConnectionOptions[],
    private readonly check: HostCheck,
  ) {}

  /**
   * The settings for a new connection, and whether to ask for other ones by then: what knex takes for a `connection`.
   *
   * @throws {DatabaseError} where no host is fit, with what speaks against each
   */
  async settings(): Promise<ConnectionOptions & { expirationChecker: () => boolean }> {
    const choice = this.#choice?.isSuspect === false ? this.#choice : await this.#choose();
    const expirationChecker = () => {
      this.#lookAhead(choice);
      return choice.isSuspect || choice !== this.#choice;
    };
    return { ...choice.settings, expirationChecker };
  }

  /** A connection was opened with the settings. */
  opened(connection: object): void {
    if (this.#choice) {
      this.#choices.set(connection, this.#choice);
    }
  }

  /** Whether something has spoken against its host since a connection was opened. */
  isStale(connection: object): boolean {
    return this.#choices.get(connection)?.isSuspect === true;
  }

  /** Something speaks against the host of a connection, or, where none came about, against the one in use. */
  suspect(connection?: object): void {
    const choice = connection ? this.#choices.get(connection) : this.#choice;
    if (choice) {
      choice.isSuspect = true;
    }
  }

  // Whoever asks meanwhile gets the same answer.
  #choose(): Promise<Choice> {
    this.#choosing ??= this.#first(this.hosts).finally(() => {
      this.#choosing = undefined;
    });
    return this.#choosing;
  }

  // All are asked at once: of two that don't answer, the second costs no more time.
  async #first(hosts: readonly ConnectionOptions[]): Promise<Choice> {
    const checks = hosts.map((settings) => ({ settings, checking: this.check(settings) }));
    const failures: string[] = [];
    let telling: DatabaseError | undefined;
    for (const [rank, { settings, checking }] of checks.entries()) {
      const failure = await checking;
      if (failure === undefined) {
        this.#lookAgainAt = performance.now() + lookAgainAfter;
        this.#choice = { settings, rank, isSuspect: false };
        return this.#choice;
      }
      failures.push(`${hostName(settings)}: ${failure.message}`);
      // What passes by itself makes the whole worth another attempt.
      telling = telling && isHostFailure(telling) ? telling : failure;
    }
    const none = { code: undefined, errno: undefined, sqlState: undefined };
    throw new DatabaseError(`no host can be used (${failures.join('; ')})`, telling ?? none);
  }

  // Behind the back of the calls, which have a host that serves.
  #lookAhead({ rank }: Choice): void {
    if (rank === 0 || this.#isLookingAhead || performance.now() < this.#lookAgainAt) {
      return;
    }
    this.#isLookingAhead = true;
    this.#first(this.hosts.slice(0, rank))
      .catch(() => {
        this.#lookAgainAt = performance.now() + lookAgainAfter;
      })
      .finally(() => {
        this.#isLookingAhead = false;
      });
  }
}
