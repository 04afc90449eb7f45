import type { ExecutionContext } from 'ava';
import type { Express } from 'express';
import type { MySQLSessionStore } from '../../src';
import { failuresOf, sessionApp } from '../e2e/concurrency/session-app';
import { cookieOf, createClient, type get, serve } from '../support/http';
import { waitUntil } from '../support/wait-until';

export interface VisitResult {
  /** The number of successful visits. */
  readonly succeeded: number;
  /** The errors of visits, and the errors that the apps recorded. */
  readonly failures: readonly string[];
  /** Responses with a wrong count: a save was lost, or the app read old data. */
  readonly wrongCounts: readonly string[];
  /** Milliseconds that the longest visit lasted. */
  readonly longest: number;
}

/** Asserts that no visit failed, and that no acknowledged save was lost. */
export function assertNothingLost(
  t: ExecutionContext,
  { succeeded, failures, wrongCounts, longest }: VisitResult,
): void {
  t.log(`${succeeded} visits, the longest ${longest} ms`);
  t.deepEqual([failures, wrongCounts], [[], []]);
}

declare module 'express-session' {
  interface SessionData {
    visits?: number;
  }
}

/** Creates an app that counts in the session. A response acknowledges the saved count. */
function visitCounterApp(store: MySQLSessionStore): Express {
  return sessionApp(store, (app) => {
    app.get('/visit', ({ session }, response, next) => {
      const visits = (session.visits ?? 0) + 1;
      session.visits = visits;
      session.save((error) => (error ? next(error) : response.send(String(visits))));
    });
  });
}

/**
 * Visitors of several apps with the same database. Each visitor has a session, and goes from app to
 * app with its cookie. A lost save shows in the next count.
 */
export class Visitors {
  #succeeded = 0;
  #longest = 0;
  #isOver = false;
  readonly #failures: string[] = [];
  readonly #wrongCounts: string[] = [];

  private constructor(
    private readonly client: typeof get,
    private readonly origins: readonly string[],
    private readonly cookies: readonly string[],
    private readonly counts: number[],
    /** For each visitor, the failed visits since the last successful one. */
    private readonly recentFailures: number[],
  ) {}

  /** Starts an app for each store, and a session for each visitor. */
  static async start(
    t: ExecutionContext,
    stores: readonly MySQLSessionStore[],
    visitorCount: number,
  ): Promise<Visitors> {
    const origins: string[] = [];
    for (const store of stores) {
      origins.push(await serve(t, visitCounterApp(store)));
    }
    const client = createClient(t);
    const cookies = await Promise.all(
      Array.from({ length: visitorCount }, async (_, visitor) =>
        cookieOf(await client(`${origins[visitor % origins.length]}/visit`)),
      ),
    );
    return new Visitors(
      client,
      origins,
      cookies,
      cookies.map(() => 1),
      cookies.map(() => 0),
    );
  }

  /** The number of successful visits so far. */
  get succeeded(): number {
    return this.#succeeded;
  }

  /** Waits until each visitor has completed a visit that started after this call. */
  async waitForVisits(): Promise<void> {
    const before = [...this.counts];
    // The next visit to end can have started before this call, so wait for two.
    await waitUntil(() =>
      this.counts.every((count, visitor) => count > (before[visitor] ?? 0) + 1),
    );
  }

  /** Repeats the visits of all visitors while the work runs, and once more after it. */
  async visitDuring(work: () => Promise<unknown>): Promise<VisitResult> {
    this.#isOver = false;
    const working = work().finally(() => {
      this.#isOver = true;
    });
    await Promise.all([
      working,
      ...this.cookies.map((_, visitor) => this.#visitUntilOver(visitor)),
    ]);
    await Promise.all(this.cookies.map((_, visitor) => this.#visit(visitor)));
    return {
      succeeded: this.#succeeded,
      failures: [...this.#failures, ...(await failuresOf(this.origins))],
      wrongCounts: this.#wrongCounts,
      longest: Math.round(this.#longest),
    };
  }

  async #visitUntilOver(visitor: number): Promise<void> {
    while (!this.#isOver) {
      await this.#visit(visitor);
    }
  }

  async #visit(visitor: number): Promise<void> {
    const before = this.counts[visitor] ?? 0;
    const failed = this.recentFailures[visitor] ?? 0;
    const origin = this.origins[(before + visitor + failed) % this.origins.length];
    const start = performance.now();
    try {
      const { body } = await this.client(`${origin}/visit`, this.cookies[visitor]);
      this.#succeeded++;
      // A failed visit can have saved its count.
      if (Number(body) <= before || Number(body) > before + 1 + failed) {
        this.#wrongCounts.push(`visitor ${visitor}: ${body} followed ${before}`);
      }
      this.counts[visitor] = Number(body);
      this.recentFailures[visitor] = 0;
    } catch (error) {
      this.#failures.push(`visitor ${visitor}: ${error}`);
      this.recentFailures[visitor] = failed + 1;
    } finally {
      this.#longest = Math.max(this.#longest, performance.now() - start);
    }
  }
}
