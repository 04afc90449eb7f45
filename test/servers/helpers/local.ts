import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { bootServer, type Server } from '..';
import { type Machine, thisMachine } from '../machine';
import { programFolders } from '../programs';

/** This machine without Docker, whose servers hide their processes and their files. */
export const local: Machine = { ...thisMachine(), docker: 'no-docker-here' };

/** A machine that a server can come from in no way. */
export const bare: Machine = {
  url: undefined,
  name: undefined,
  folders: [],
  docker: 'no-docker-here',
  aptGet: 'no-apt-get-here',
};

export function bootLocal(flags: string[] = []): Promise<Server> {
  return bootServer({ flags, machine: local });
}

/** A test for machines that have a server program, or the packages of one. */
export const localTest = has('mariadbd', 'mysqld', 'apt-get') ? test : test.skip;

/** A test for machines that have a server program. */
export const installedTest = has('mariadbd', 'mysqld') ? test : test.skip;

/** A test for machines that have the packages of a server. */
export const debianTest = has('apt-get') ? test : test.skip;

function has(...programs: string[]): boolean {
  return programs.some((program) => programFolders().some((folder) => existsSync(join(folder, program))));
}
