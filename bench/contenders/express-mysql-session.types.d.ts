// The package brings no types: only what is used of it.
declare module 'express-mysql-session' {
  import type { Store } from 'express-session';

  interface Options {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
    readonly connectionLimit: number;
    readonly clearExpired: boolean;
  }

  interface MySQLStore extends Store {
    onReady(): Promise<void>;
    clearExpiredSessions(): Promise<unknown>;
  }

  export default function storeOf(session: object): new (options: Options) => MySQLStore;
}
