// What the benchmarks use of packages that only bench/package.json has. With these declarations,
// `tsc --project bench/tsconfig.json` works without the installation of the peers.

declare module 'connect-redis' {
  import type { Store } from 'express-session';
  import type { Client } from 'redis';

  export const RedisStore: new (options: { readonly client: Client }) => Store;
}

declare module 'express-mysql-session' {
  import type { Store } from 'express-session';

  export default function storeOf(session: {
    readonly Store: typeof Store;
  }): new (options: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
    readonly connectionLimit: number;
    readonly clearExpired: boolean;
  }) => Store & { onReady(): Promise<void>; clearExpiredSessions(): Promise<void> };
}

declare module 'redis' {
  export interface Client {
    connect(): Promise<Client>;
    on(event: 'error', listener: () => void): Client;
    info(section: 'server'): Promise<string>;
    destroy(): void;
  }

  export function createClient(options: {
    readonly url: string;
    readonly socket?: { readonly reconnectStrategy: false };
  }): Client;
}

declare module 'vega' {
  export const None: number;
  export function parse(spec: object): object;
  export class View {
    constructor(runtime: object, options: { readonly renderer: 'none'; readonly logLevel: number });
    toSVG(): Promise<string>;
  }
}

declare module 'vega-lite' {
  export function compile(spec: object): { readonly spec: object };
}
