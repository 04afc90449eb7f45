import { ArgumentError } from '../errors';

const unencoded =
  'special characters in the password: write %2F for /, %23 for #, %3F for ?, %40 for @, %3A for :';

/**
 * Parses the URL of a server. No error shows a part of it: it may be a piece of the password.
 *
 * @throws {ArgumentError} that names `argument`
 */
export function parseConnectionUrl(argument: string, text: string): URL {
  const refuse = (got: string) =>
    new ArgumentError(argument, 'a URL such as mysql://app@db.example/shop', got);
  if (!URL.canParse(text)) {
    throw refuse(`no URL, or one with ${unencoded}`);
  }
  const url = new URL(text);
  if (url.protocol !== 'mysql:' && url.protocol !== 'mariadb:') {
    throw refuse('one that does not start with mysql:// or mariadb://');
  }
  // The rest of a password ends up there, and its beginning where the host should be.
  const isCut = [url.pathname, url.search, url.hash].some((part) => part.includes('@'));
  if (isCut || url.hash !== '' || !/^\/?[^/]*$/.test(url.pathname)) {
    throw refuse(`one with ${unencoded}, or with more than the name of a database behind the host`);
  }
  if (![url.username, url.password, url.hostname, url.pathname].every(isDecodable)) {
    throw refuse('one with a % that encodes nothing: in a password, write %25');
  }
  return url;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
