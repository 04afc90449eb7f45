import { ArgumentError } from '../errors';

const expected = 'a URL such as mysql://dba@db.example/shop (MYSQL_URL can hold it)';

/** Reads the URL of a database. What comes back in an error is never the URL, which may hold a password. */
export function parseServerUrl(text: string | undefined): URL {
  if (!text) {
    throw new ArgumentError('url', expected, 'none');
  }
  if (!URL.canParse(text)) {
    throw wrongUrl('what is no URL (special characters in a password must be percent-encoded: %40 is @)');
  }
  const url = new URL(text);
  if (!['mysql:', 'mariadb:'].includes(url.protocol)) {
    throw wrongUrl('one that does not start with mysql:// or mariadb://');
  }
  const parts = [url.username, url.password, url.hostname, url.pathname];
  if (!parts.every(isDecodable)) {
    throw wrongUrl('one with a % that encodes nothing: in a password, write %25');
  }
  if (!/^\/[^/]+$/.test(url.pathname)) {
    throw wrongUrl('one whose path is not the name of a database');
  }
  return url;
}

function wrongUrl(got: string): ArgumentError {
  return new ArgumentError('url', expected, got);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
