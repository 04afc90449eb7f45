// The package has no types. These are the parts that the tests use.
declare module 'express-mysql-session' {
  import type { Store } from 'express-session';

  interface Options {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
    readonly connectionLimit?: number;
    readonly clearExpired?: boolean;
    readonly schema?: {
      readonly tableName?: string;
      readonly columnNames?: {
        readonly session_id?: string;
        readonly expires?: string;
        readonly data?: string;
      };
    };
  }

  interface MySQLStore extends Store {
    onReady(): Promise<void>;
    clearExpiredSessions(): Promise<unknown>;
    close(): Promise<void>;
  }

  function storeOf(session: { readonly Store: typeof Store }): new (options: Options) => MySQLStore;

  export default storeOf;
}
