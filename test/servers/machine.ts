import { type ServerName, serverName } from './names';
import { programFolders } from './programs';

/** What this machine has that a server can come from, and which server is wanted. */
export interface Machine {
  /** An administrator's URL of a server that runs already. */
  url: string | undefined;
  /** The only server that will do; without a name any will. */
  name: ServerName | undefined;
  /** Where server programs are looked for. */
  folders: readonly string[];
  /** The Docker client. */
  docker: string;
  aptGet: string;
}

export function thisMachine(env: NodeJS.ProcessEnv = process.env): Machine {
  return {
    url: env.MYSQL_URL,
    // A run on a named server says so here, so that tests which boot one more get the same.
    name: env.TEST_SERVER ? serverName(env.TEST_SERVER) : undefined,
    folders: programFolders(env),
    docker: 'docker',
    aptGet: 'apt-get',
  };
}
