import { DatabaseError } from './errors';

/**
 * The driver's error holds the statement with its values, and knex puts them into the message too: neither
 * may reach a log, so only what the server said goes on.
 */
export function toDatabaseError(error: unknown): DatabaseError {
  const { code, errno, sqlState, sqlMessage, message, name, fatal } = Object(error);
  return new DatabaseError(sqlMessage ?? (sqlFree(message) || name || 'unknown failure'), {
    // express-session takes an ENOENT for a session that is not there, and would log the user out; here
    // it means that the server's socket is not there.
    code:
      code === 'ENOENT' ? 'ERR_SOCKET_NOT_FOUND' : (code ?? (fatal ? 'PROTOCOL_CONNECTION_LOST' : undefined)),
    errno: typeof errno === 'number' && errno > 0 ? errno : undefined,
    sqlState,
  });
}

// knex writes "statement - reason"; a failure to connect has a reason alone.
function sqlFree(message: unknown): string {
  const text = String(message ?? '');
  return text.slice(text.lastIndexOf(' - ') + 1).replace(/^- /, '');
}
