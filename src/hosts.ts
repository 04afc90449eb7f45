import { type ConnectionOptions, hostName } from './connection-settings';
import type { Connection } from './database';
import { DatabaseError } from './errors';
import { isHostFailure } from './servers';

/** Rejects with what speaks against a host. */
export type HostCheck = (host: Connection) => Promise<void>;

/** A host by itself, for as long as it is looked at. */
interface OpenHost extends Connection {
  close(): Promise<void>;
}

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
    private readonly open: (settings: ConnectionOptions) => OpenHost,
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

  /** A connection was opened with the settings. Its host is asked again, which may have changed since it was found fit. */
  async opened(connection: object, host: Connection): Promise<void> {
    if (this.#choice) {
      this.#choices.set(connection, this.#choice);
    }
    await this.check(host).catch(() => this.suspect(connection));
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
    const checks = hosts.map((settings) => this.#look(settings).catch((failure: unknown) => ({ failure })));
    const failures: unknown[] = [];
    for (const [rank, settings] of hosts.entries()) {
      const flaw = await checks[rank];
      if (flaw === undefined) {
        this.#lookAgainAt = performance.now() + lookAgainAfter;
        this.#choice = { settings, rank, isSuspect: false };
        return this.#choice;
      }
      failures.push(flaw.failure);
    }
    throw noHost(hosts, failures);
  }

  async #look(settings: ConnectionOptions): Promise<void> {
    const host = this.open(settings);
    try {
      await this.check(host);
    } finally {
      // One that does not answer is not waited for.
      host.close().catch(() => {});
    }
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

function noHost(hosts: readonly ConnectionOptions[], failures: readonly unknown[]): DatabaseError {
  const reasons = hosts.map((settings, rank) => `${hostName(settings)}: ${messageOf(failures[rank])}`);
  const known = failures.filter((failure) => failure instanceof DatabaseError);
  // What passes by itself on one of them makes all of it worth another attempt.
  const telling = known.find(isHostFailure) ?? known[0];
  return new DatabaseError(
    `no host can be used (${reasons.join('; ')})`,
    telling ?? { code: 'ETIMEDOUT', errno: undefined, sqlState: undefined },
  );
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
