import { DatabaseError } from '../errors';
import { now } from '../util/timers';
import type { ConnectionSource } from './connection-options';
import { isHostFailure } from './error-codes';
import type { Connect, RawConnection } from './open-knex';

/** A host that new connections go to, or went to. */
interface ActiveHost {
  readonly source: ConnectionSource;
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

  /** @param probe connects to a host, tests it, and closes the connection */
  constructor(
    private readonly hosts: readonly ConnectionSource[],
    private readonly probe: (source: ConnectionSource) => Promise<void>,
  ) {}

  /**
   * Opens a connection to the active host. Any failure to connect speaks against the host, and
   * another one is chosen.
   *
   * @throws {DatabaseError} if no host passes the probe, with the reason for each host
   */
  async open(connect: Connect): Promise<RawConnection> {
    for (let attempts = 1; ; attempts++) {
      const host = await this.#usableHost();
      try {
        const raw = await connect(await host.source.options());
        this.#hosts.set(raw, host);
        return raw;
      } catch (error) {
        host.isSuspect = true;
        if (attempts > this.hosts.length) {
          throw error;
        }
      }
    }
  }

  /**
   * Returns whether another host should be used instead of the one of this connection. If it is
   * time, starts to probe the hosts before that one.
   */
  isStale(connection: object): boolean {
    const host = this.#hosts.get(connection);
    if (host === undefined) {
      return false;
    }
    this.#probePreferred(host);
    return host.isSuspect || host.rank > (this.#active?.rank ?? host.rank);
  }

  /** Marks the host of a connection as suspect: it is probed before it serves again. */
  markSuspect(connection: object): void {
    const host = this.#hosts.get(connection);
    if (host) {
      host.isSuspect = true;
    }
  }

  async #usableHost(): Promise<ActiveHost> {
    return this.#active?.isSuspect === false ? this.#active : this.#choose();
  }

  // Concurrent callers share the choice.
  #choose(): Promise<ActiveHost> {
    this.#choosing ??= this.#activateFirst(this.hosts).finally(() => {
      this.#choosing = undefined;
    });
    return this.#choosing;
  }

  // Probes all hosts at the same time: two hosts that do not answer cost the time of one.
  async #activateFirst(hosts: readonly ConnectionSource[]): Promise<ActiveHost> {
    const probes = hosts.map((source) =>
      this.probe(source).catch((reason: unknown) => ({ reason })),
    );
    const reasons: unknown[] = [];
    for (const [rank, source] of hosts.entries()) {
      const failure = await probes[rank];
      if (failure === undefined) {
        this.#nextPreferredProbe = now() + preferredProbeInterval;
        this.#active = { source, rank, isSuspect: false };
        return this.#active;
      }
      reasons.push(failure.reason);
    }
    throw noHostError(hosts, reasons);
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
  hosts: readonly ConnectionSource[],
  reasons: readonly unknown[],
): DatabaseError {
  const list = hosts.map(({ label }, rank) => `${label}: ${messageOf(reasons[rank])}`);
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
