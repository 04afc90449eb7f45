import { randomBytes } from 'node:crypto';
import type { Account } from './account';
import { type RunningProgram, startProgram } from './program';

/** The example application, in a process of its own. It keeps its URL when it is restarted. */
export class Application {
  readonly #account: Account;
  readonly #secret: string;
  #program: RunningProgram;

  private constructor(account: Account, secret: string, program: RunningProgram) {
    this.#account = account;
    this.#secret = secret;
    this.#program = program;
  }

  static async start(account: Account): Promise<Application> {
    const secret = randomBytes(16).toString('hex');
    return new Application(account, secret, await run(account, secret, '0'));
  }

  get url(): string {
    return this.#program.url;
  }

  get ended(): Promise<number | null> {
    return this.#program.ended;
  }

  /** Resolves with the exit code of the process that was stopped. */
  async restart(): Promise<number | null> {
    const { port } = new URL(this.url);
    const code = await this.stop();
    this.#program = await run(this.#account, this.#secret, port);
    return code;
  }

  stop(): Promise<number | null> {
    return this.#program.stop();
  }
}

function run(account: Account, secret: string, port: string): Promise<RunningProgram> {
  return startProgram('examples/app/main.ts', {
    MYSQL_URL: account.url,
    SESSION_SECRET: secret,
    PORT: port,
    // A cleanup a second rather than a minute, for those who watch.
    CLEANUP_INTERVAL_MS: '1000',
  });
}
