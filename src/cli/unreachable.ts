import { DatabaseError } from '../errors';

/** Puts what keeps a connection from being made into a sentence; gives any other error back as it is. */
export function explainConnectionError(error: unknown, address: string): unknown {
  const sentence = error instanceof DatabaseError && sentenceOf(error, address);
  return sentence ? new DatabaseError(sentence, error, { cause: error }) : error;
}

function sentenceOf({ code, errno, message }: DatabaseError, address: string): string | undefined {
  const accessDenied = 1045;
  const unknownDatabase = 1049;
  switch (errno) {
    case accessDenied:
      return `${message}. The password comes from the URL, from MYSQL_PWD, or, with -p, from a prompt; an account that requires TLS wants --ssl-mode REQUIRED`;
    case unknownDatabase:
      return `${message} at ${address}. Create it first, with CREATE DATABASE`;
  }
  switch (code) {
    case 'ECONNREFUSED':
      return `${address} refuses connections: is the server running there?`;
    case 'ERR_SOCKET_NOT_FOUND':
      return `There is no socket ${address}: is the server running?`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host of ${address} can't be found`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${address} does not answer`;
    case 'PROTOCOL_CONNECTION_LOST':
    case 'ECONNRESET':
      return `${address} closed the connection: what was done until then stays done, and the command can be run again`;
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return `${address} offers no TLS, and --ssl-mode asks for it`;
    case 'HANDSHAKE_SSL_ERROR':
      return `TLS with ${address} failed: ${message}`;
    default:
      return undefined;
  }
}
