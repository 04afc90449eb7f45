/**
 * The contract between the application and the database: which routines exist, what each takes and
 * answers, and which roles may execute it. The installer, doctor, the typed client and the tests
 * all read this table.
 */

/** The roles of an installation that has no attributes. */
export const fixedRoles = ['application', 'cleaner', 'operator'] as const;

/** What a routine of an attribute does with the sessions that have a value. */
export type AttributeAction = 'find' | 'count' | 'limit' | 'destroy';

/** A role that may call one routine of an attribute: `find_user_id`, `destroy_user_id`. */
export type AttributeRole = `${AttributeAction}_${string}`;

/** A set of EXECUTE grants. */
export type Role = (typeof fixedRoles)[number] | AttributeRole;

interface RoutineContract {
  /**
   * Parameters and result columns. A released signature never changes: an older application keeps
   * calling it. A routine with another signature gets another name.
   */
  readonly signature: string;
  /** The fixed roles that may execute it. */
  readonly roles: ReadonlyArray<(typeof fixedRoles)[number]>;
  /** The contract version that introduced it. */
  readonly since: number;
}

/** The prefix of the routines' names, unless an installation chooses another one. */
export const defaultPrefix = 'sess_';

/** Every routine by its default name, which is also the name of its file in `sql/routines/`. */
export const routines = {
  sess_get: {
    signature: '(IN p_sid varbinary(256)) sess, ttl_ms, age_ms',
    roles: ['application', 'operator'],
    since: 1,
  },
  sess_get_many: {
    signature: '(IN p_sids longtext utf8mb4) position, sess, ttl_ms, age_ms',
    roles: ['application'],
    since: 1,
  },
  sess_set: {
    signature: '(IN p_sid varbinary(256), IN p_sess longtext utf8mb4, IN p_ttl_ms bigint)',
    roles: ['application'],
    since: 1,
  },
  sess_add: {
    signature: '(IN p_sid varbinary(256), IN p_sess longtext utf8mb4, IN p_ttl_ms bigint) found',
    roles: ['application'],
    since: 1,
  },
  sess_add_many: {
    signature: '(IN p_sessions longtext utf8mb4, IN p_texts longblob) created',
    roles: ['application'],
    since: 1,
  },
  sess_update: {
    signature: '(IN p_sid varbinary(256), IN p_sess longtext utf8mb4, IN p_ttl_ms bigint) found',
    roles: ['application'],
    since: 1,
  },
  sess_merge: {
    signature:
      '(IN p_sid varbinary(256), IN p_changed longtext utf8mb4, IN p_removed longtext utf8mb4, ' +
      'IN p_ttl_ms bigint) found',
    roles: ['application'],
    since: 1,
  },
  sess_touch: {
    signature: '(IN p_sid varbinary(256), IN p_ttl_ms bigint) found',
    roles: ['application'],
    since: 1,
  },
  sess_touch_many: {
    signature: '(IN p_touches longtext utf8mb4) touched',
    roles: ['application'],
    since: 1,
  },
  sess_save_many: {
    signature: '(IN p_saves longtext utf8mb4, IN p_texts longblob) saved',
    roles: ['application'],
    since: 1,
  },
  sess_destroy: {
    signature: '(IN p_sid varbinary(256)) found',
    roles: ['application', 'operator'],
    since: 1,
  },
  sess_gc: {
    signature: '(IN p_limit int) deleted, overdue_ms',
    roles: ['application', 'cleaner'],
    since: 1,
  },
  sess_all: {
    signature: '(IN p_after varchar(255) ascii, IN p_limit int) sid, sess, ttl_ms, age_ms',
    roles: ['operator'],
    since: 1,
  },
  sess_ids: {
    signature: '(IN p_after varchar(255) ascii, IN p_limit int) sid',
    roles: ['operator'],
    since: 1,
  },
  sess_length: { signature: '() live, expired', roles: ['operator'], since: 1 },
  sess_clear: { signature: '(IN p_limit int) deleted', roles: ['operator'], since: 1 },
  sess_stats: {
    signature: '() live, expired, oldest_ms, overdue_ms, bytes',
    roles: ['operator'],
    since: 1,
  },
  sess_version: {
    signature:
      '() contract, json_depth, max_allowed_packet, autocommit, read_only, server, host, server_id',
    roles: ['application', 'cleaner', 'operator'],
    since: 1,
  },
} as const satisfies Record<string, RoutineContract>;

export type RoutineName = keyof typeof routines;

export const routineNames = Object.keys(routines) as RoutineName[];

/** The routines that come with each attribute, by what they do. Operators may execute them too. */
export const attributeRoutines = {
  find: {
    signature:
      '(IN p_value longblob, IN p_after varchar(255) ascii, IN p_limit int) ' +
      'sid, sess, ttl_ms, age_ms',
  },
  count: { signature: '(IN p_value longblob) live' },
  limit: {
    signature:
      '(IN p_value longblob, IN p_keep int, IN p_except longblob, IN p_by varchar(7) ascii, ' +
      'IN p_limit int) ended, more',
  },
  destroy: {
    signature: '(IN p_value longblob, IN p_except longblob, IN p_limit int) deleted, more',
  },
} as const satisfies Record<AttributeAction, Pick<RoutineContract, 'signature'>>;

export const attributeActions = Object.keys(attributeRoutines) as AttributeAction[];

/** The version of this contract: `sess_version` reports the one that is installed. */
export const contractVersion = Math.max(...routineNames.map((name) => routines[name].since));

/** Returns a routine's name in an installation, given its default name such as `sess_get`. */
export function withPrefix(prefix: string, routine: string): string {
  return `${prefix}${routine.slice(defaultPrefix.length)}`;
}

/** How many expired sessions a cleanup deletes in one batch: few enough to leave room for users. */
export const cleanupBatchSize = 100;

/**
 * The most work of one `sess_merge`: its keys times the bytes of the session and the change.
 * Servers read the whole session for each key. MariaDB 10.11 takes about 25 ms for this much, and
 * the session is locked for this time.
 */
export const maxMergeCost = 2_000_000;

/** A cleanup rests this many times as long as a batch took: most of the time belongs to users. */
export const cleanupRestFactor = 6;

/** Returns the attribute that an attribute role is for, or undefined for a fixed role. */
export function attributeOf(role: string): string | undefined {
  return /^(?:find|count|limit|destroy)_([a-z][a-z0-9_]*)$/.exec(role)?.[1];
}

/** Returns the roles that come with an attribute, one for each of its routines. */
export function attributeRoles(attribute: string): AttributeRole[] {
  return attributeActions.map((action): AttributeRole => `${action}_${attribute}`);
}

export function isRole(value: unknown): value is Role {
  return (
    typeof value === 'string' &&
    (fixedRoles.some((role) => role === value) || attributeOf(value) !== undefined)
  );
}

/** Returns whether a role may execute a routine, given by its default name such as `sess_get`. */
export function mayExecute(role: Role, routine: string): boolean {
  if (isRoutineName(routine)) {
    const granted: readonly Role[] = routines[routine].roles;
    // An account that may only find or end sessions also needs to check the contract.
    return granted.includes(role) || (routine === 'sess_version' && isRole(role));
  }
  const attributeRole = routine.replace(/^sess_/, '');
  return (
    attributeOf(attributeRole) !== undefined && (role === 'operator' || role === attributeRole)
  );
}

function isRoutineName(routine: string): routine is RoutineName {
  return Object.hasOwn(routines, routine);
}
