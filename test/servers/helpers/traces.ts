import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';

/** What there is to see of a throwaway server from outside. */
export interface Traces {
  pid: number;
  directory: string;
}

export async function tracesOf(url: string): Promise<Traces> {
  const [row] = await query(url, 'SELECT @@datadir AS data, @@pid_file AS pid');
  return { pid: Number(readFileSync(String(row?.pid), 'utf8')), directory: dirname(String(row?.data)) };
}

export async function query(url: string, sql: string): Promise<RowDataPacket[]> {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

/** What is left of a server: commands that name its directory, the supervisor's among them, and the directory. */
export function leftOf({ directory }: Traces): string[] {
  const running = commands().filter((command) => command.includes(directory));
  return existsSync(directory) ? [...running, directory] : running;
}

/** The command lines of all processes. A small Linux has no `ps`. */
export function commands(): string[] {
  if (process.platform !== 'linux')
    return execFileSync('ps', ['-A', '-ww', '-o', 'args=']).toString().split('\n');
  return readdirSync('/proc').flatMap((name) => {
    try {
      return /^\d+$/.test(name) ? readFileSync(`/proc/${name}/cmdline`, 'utf8') : [];
    } catch {
      // The process ended meanwhile.
      return [];
    }
  });
}
