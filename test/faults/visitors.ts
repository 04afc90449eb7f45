import type { ExecutionContext } from 'ava';
import type { Express } from 'express';
import type { MySQLSessionStore } from '../../src';
import { ask, cookieOf } from '../concurrency/ask';
import { serve } from '../concurrency/listen';
import { failuresOf, sessionApp } from '../concurrency/session-app';
import { until } from '../until';

/** What came of the visits. */
export interface Visits {
  /** How many were answered. */
  readonly answered: number;
  /** What failed: visits, and what the apps say of themselves. */
  readonly failures: readonly string[];
  /** Each answer that did not go on where the one before had left off. */
  readonly breaks: readonly string[];
  /** Milliseconds that the longest visit took. */
  readonly longest: number;
}

/** Nothing failed, and nothing that was acknowledged was lost. */
export function assertWell(t: ExecutionContext, { answered, failures, breaks, longest }: Visits): void {
  t.log(`${answered} visits, the longest ${longest} ms`);
  t.deepEqual([failures, breaks], [[], []]);
}

declare module 'express-session' {
  interface SessionData {
    visits?: number;
  }
}

/** An app that counts in the session, and answers when that is saved: what it has said is acknowledged. */
function visitedApp(store: MySQLSessionStore): Express {
  return sessionApp(store, (app) => {
    app.get('/visit', ({ session }, response, next) => {
      const visits = (session.visits ?? 0) + 1;
      session.visits = visits;
      session.save((error) => (error ? next(error) : response.send(String(visits))));
    });
  });
}

/**
 * Visitors of real applications, which share their sessions. Each counts in a session of their own, visit after visit,
 * by turns in each application: what is read back tells whether anything acknowledged was lost.
 */
export class Visitors {
  #answered = 0;
  #longest = 0;
  #isOver = false;
  readonly #failures: string[] = [];
  readonly #breaks: string[] = [];

  private constructor(
    private readonly origins: readonly string[],
    private readonly cookies: readonly string[],
    private readonly counts: number[],
    private readonly failuresSince: number[],
  ) {}

  /** Opens the applications, and lets each visitor begin a session. */
  static async invite(
    t: ExecutionContext,
    stores: readonly MySQLSessionStore[],
    visitors: number,
  ): Promise<Visitors> {
    const origins: string[] = [];
    for (const store of stores) {
      origins.push(await serve(t, visitedApp(store)));
    }
    const cookies = await Promise.all(
      Array.from({ length: visitors }, async (_, visitor) =>
        cookieOf(await ask(`${origins[visitor % origins.length]}/visit`)),
      ),
    );
    return new Visitors(
      origins,
      cookies,
      cookies.map(() => 1),
      cookies.map(() => 0),
    );
  }

  /** How many visits were answered so far. */
  get answered(): number {
    return this.#answered;
  }

  /** Waits until each of them was served, in a visit that began after this. */
  async allServed(): Promise<void> {
    const before = [...this.counts];
    // The one under way may have begun before.
    await until(() => this.counts.every((count, visitor) => count > (before[visitor] ?? 0) + 1));
  }

  /** Has all of them come, again and again, until the work is done; and then once more. */
  async during(work: () => Promise<unknown>): Promise<Visits> {
    this.#isOver = false;
    const working = work().finally(() => {
      this.#isOver = true;
    });
    await Promise.all([working, ...this.cookies.map((_, visitor) => this.#visitUntilOver(visitor))]);
    await Promise.all(this.cookies.map((_, visitor) => this.#visit(visitor)));
    return {
      answered: this.#answered,
      failures: [...this.#failures, ...(await failuresOf(this.origins))],
      breaks: this.#breaks,
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
    const turn = before + visitor + (this.failuresSince[visitor] ?? 0);
    const origin = this.origins[turn % this.origins.length];
    const begun = performance.now();
    try {
      const { body } = await ask(`${origin}/visit`, this.cookies[visitor]);
      this.#answered++;
      // A visit that failed may have counted all the same.
      const most = before + 1 + (this.failuresSince[visitor] ?? 0);
      if (Number(body) <= before || Number(body) > most) {
        this.#breaks.push(`visitor ${visitor}: after ${before} came ${body}`);
      }
      this.counts[visitor] = Number(body);
      this.failuresSince[visitor] = 0;
    } catch (error) {
      this.#failures.push(`visitor ${visitor}: ${error}`);
      this.failuresSince[visitor] = (this.failuresSince[visitor] ?? 0) + 1;
    } finally {
      this.#longest = Math.max(this.#longest, performance.now() - begun);
    }
  }
}
