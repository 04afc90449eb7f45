import { DatabaseError } from '../errors';
import { now } from '../util/timers';
import type { Connection } from './connection';
import { type ConnectionOptions, hostLabel } from './connection-options';
import { isHostFailure } from './error-codes';

/** Tests whether a host can serve. Rejects with the reason if it can't. */
export type HostProbe = (host: Connection) => Promise<void>;

/** A connection to one host, for a probe. */
interface HostConnection extends Connection {
  close(): Promise<void>;
}

/** The host that new connections go to. */
interface ActiveHost {
  readonly options: ConnectionOptions;
  /** Its position in the list: 0 for the first. */
  readonly rank: number;
  /** Whether a call or a connection failed since the probe. */
  isSuspect: boolean;
}

/** The pause between two probes of the preferred hosts, in milliseconds. */
const preferredProbeInterval = 10_000;

/**
 * Chooses one of several hosts with the same sessions. Each new connection goes to the first host
 * of the list that passes the probe.
 */
export class HostFailover {
  #active: ActiveHost | undefined;
  #choosing: Promise<ActiveHost> | undefined;
  #isProbingPreferred = false;
  #nextPreferredProbe = 0;
  readonly #hosts = new WeakMap<object, ActiveHost>();

  /** @param open connects to a host, for a probe */
  constructor(
    private readonly hosts: readonly ConnectionOptions[],
    private readonly open: (options: ConnectionOptions) => HostConnection,
    private readonly probe: HostProbe,
  ) {}

  /**
   * Returns the options for new connections, as an asynchronous `connection` of knex.
   * `expirationChecker` lets knex know when to ask for new options.
   *
   * @throws {DatabaseError} if no host passes the probe, with the reason for each host
   */
  async connectionOptions(): Promise<ConnectionOptions & { expirationChecker: () => boolean }> {
    const active = this.#active?.isSuspect === false ? this.#active : await this.#choose();
    const expirationChecker = () => {
      this.#probePreferred(active);
      return active.isSuspect || active !== this.#active;
    };
    return { ...active.options, expirationChecker };
  }

  /**
   * Records the host of a new connection, and probes it. It may have changed since the last probe.
   */
  async register(connection: object, host: Connection): Promise<void> {
    if (this.#active) {
      this.#hosts.set(connection, this.#active);
    }
    await this.probe(host).catch(() => this.markSuspect(connection));
  }

  /** Returns whether the host of a connection has become suspect. */
  isStale(connection: object): boolean {
    return this.#hosts.get(connection)?.isSuspect === true;
  }

  /** Marks the host of a connection as suspect; without a connection, the active host. */
  markSuspect(connection?: object): void {
    const host = connection ? this.#hosts.get(connection) : this.#active;
    if (host) {
      host.isSuspect = true;
    }
  }

  // Concurrent callers share the choice.
  #choose(): Promise<ActiveHost> {
    this.#choosing ??= this.#activateFirst(this.hosts).finally(() => {
      this.#choosing = undefined;
    });
    return this.#choosing;
  }

  // Probes all hosts at the same time: two hosts that do not answer cost the time of one.
  async #activateFirst(hosts: readonly ConnectionOptions[]): Promise<ActiveHost> {
    const probes = hosts.map((options) =>
      this.#probe(options).catch((reason: unknown) => ({ reason })),
    );
    const reasons: unknown[] = [];
    for (const [rank, options] of hosts.entries()) {
      const failure = await probes[rank];
      if (failure === undefined) {
        this.#nextPreferredProbe = now() + preferredProbeInterval;
        this.#active = { options, rank, isSuspect: false };
        return this.#active;
      }
      reasons.push(failure.reason);
    }
    throw noHostError(hosts, reasons);
  }

  async #probe(options: ConnectionOptions): Promise<void> {
    const host = this.open(options);
    try {
      await this.probe(host);
    } finally {
      // Not awaited: a host that does not answer would delay the choice.
      host.close().catch(() => {});
    }
  }

  // Runs in the background. Calls keep using the active host.
  #probePreferred({ rank }: ActiveHost): void {
    const isDue = now() >= this.#nextPreferredProbe;
    if (rank === 0 || this.#isProbingPreferred || !isDue) {
      return;
    }
    this.#isProbingPreferred = true;
    this.#activateFirst(this.hosts.slice(0, rank))
      .catch(() => {
        this.#nextPreferredProbe = now() + preferredProbeInterval;
      })
      .finally(() => {
        this.#isProbingPreferred = false;
      });
  }
}

function noHostError(
  hosts: readonly ConnectionOptions[],
  reasons: readonly unknown[],
): DatabaseError {
  const list = hosts.map((options, rank) => `${hostLabel(options)}: ${messageOf(reasons[rank])}`);
  const errors = reasons.filter((reason) => reason instanceof DatabaseError);
  // One host that may come back makes a retry worthwhile.
  const cause = errors.find(isHostFailure) ?? errors[0];
  return new DatabaseError(
    `no host can be used (${list.join('; ')})`,
    cause ?? { code: 'ETIMEDOUT', errno: undefined, sqlState: undefined },
  );
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
