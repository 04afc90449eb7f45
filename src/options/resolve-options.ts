import type { ConnectionSource, Knex } from '../database/connection-options';
import type { DatabaseConfig } from '../database/database';
import { ArgumentError } from '../errors';
import type { AttributeKind, AttributeKinds } from './attributes';
import { type ResolvedOf, resolveDefinitions } from './define-option';
import { type KoaStoreOptions, koaOptions } from './koa-options';
import { defineStoreOptions, type StoreOptions } from './store-options';

type Definitions<Session extends object> = ReturnType<
  typeof defineStoreOptions<Session, AttributeKinds>
>;

/** The options of a store after all checks, with defaults filled in. */
export interface ResolvedOptions<Session extends object>
  extends Omit<
    ResolvedOf<Definitions<Session>>,
    'knex' | 'connection' | 'writeMode' | 'attributes'
  > {
  readonly database: DatabaseConfig;
  readonly writeMode: 'merge' | 'replace';
  readonly attributes: ReadonlyMap<string, AttributeKind>;
}

/**
 * Checks every option and fills in the defaults.
 *
 * @throws {ArgumentError} for a wrong option, an unknown option, or options that exclude each other
 */
export function resolveOptions<Session extends object>(
  options: StoreOptions<Session, AttributeKinds>,
): ResolvedOptions<Session> {
  return combine(resolveDefinitions(defineStoreOptions<Session, AttributeKinds>(), options));
}

/** Checks the options of the store for Koa, and fills in the defaults. */
export function resolveKoaOptions<Session extends object>(
  options: KoaStoreOptions<Session, AttributeKinds>,
): ResolvedOptions<Session> & ResolvedOf<typeof koaOptions> {
  const definitions = { ...defineStoreOptions<Session, AttributeKinds>(), ...koaOptions };
  const resolved = resolveDefinitions(definitions, options);
  const { middleware, onWriteError } = resolved;
  return { ...combine(resolved), middleware, onWriteError };
}

/** Checks the options that depend on each other. */
function combine<Session extends object>({
  knex,
  connection,
  ...resolved
}: ResolvedOf<Definitions<Session>>): ResolvedOptions<Session> {
  const { encryption } = resolved;
  const { writeMode = encryption ? 'replace' : 'merge', attributes = new Map() } = resolved;
  if (encryption && writeMode === 'merge') {
    throw new ArgumentError('writeMode', "'replace' with `encryption`", '"merge"');
  }
  if (encryption && attributes.size > 0) {
    const expected = 'left out with `encryption`, which makes the values unreadable';
    throw new ArgumentError('attributes', expected, [...attributes.keys()].join(', '));
  }
  return { ...resolved, writeMode, attributes, database: toDatabaseConfig(knex, connection) };
}

function toDatabaseConfig(
  knex: Knex | undefined,
  hosts: readonly ConnectionSource[] | undefined,
): DatabaseConfig {
  if (knex !== undefined && hosts === undefined) {
    return { knex };
  }
  if (hosts !== undefined && knex === undefined) {
    return { hosts };
  }
  const unset = 'neither: is the variable of the URL unset, such as MYSQL_URL?';
  const got = knex === undefined ? unset : 'both';
  throw new ArgumentError('options', 'an object with either `knex` or `connection`', got);
}
