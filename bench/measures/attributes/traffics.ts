import type { Sized } from './installation';
import type { PhaseName, PhaseSample } from './traffic';

/** The traffic of several tables, in the same phase at any time. */
export class Traffics {
  private constructor(private readonly remotes: ReadonlyArray<Sized['remote']>) {}

  static async begin(
    ...tables: ReadonlyArray<readonly [table: Sized, callsASecond: number]>
  ): Promise<Traffics> {
    for (const [{ remote, rows }, callsASecond] of tables) {
      await remote.ask('beginTraffic', { population: { name: '', from: 1, to: rows }, callsASecond });
    }
    return new Traffics(tables.map(([{ remote }]) => remote));
  }

  enter(phase: PhaseName): Promise<unknown> {
    return Promise.all(this.remotes.map((remote) => remote.ask('enter', phase)));
  }

  resume(phase: PhaseName): Promise<unknown> {
    return Promise.all(this.remotes.map((remote) => remote.ask('resume', phase)));
  }

  pause(): Promise<unknown> {
    return Promise.all(this.remotes.map((remote) => remote.ask('pause', undefined)));
  }

  end(): Promise<PhaseSample[][]> {
    return Promise.all(this.remotes.map((remote) => remote.ask('endTraffic', undefined)));
  }
}
