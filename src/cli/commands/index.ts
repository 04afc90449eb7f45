import type { Command } from 'commander';
import { registerAdopt } from './adopt';
import { registerAttribute } from './attribute';
import { registerDoctor } from './doctor';
import { registerEnd } from './end';
import { registerGc } from './gc';
import { registerGrant } from './grant';
import { registerInit } from './init';
import { registerList } from './list';
import { registerMigrate } from './migrate';
import { registerPlan } from './plan';
import { registerRevoke } from './revoke';
import { registerRollback } from './rollback';
import { registerShow } from './show';
import { registerStats } from './stats';
import { registerStatus } from './status';
import { registerVerify } from './verify';

/** Adds every command, in the order of the help. Each file of this folder has one command. */
export function registerCommands(program: Command): void {
  registerInit(program);
  registerPlan(program);
  registerMigrate(program);
  registerStatus(program);
  registerDoctor(program);
  registerVerify(program);
  registerRollback(program);
  registerGrant(program);
  registerRevoke(program);
  registerAttribute(program);
  registerAdopt(program);
  registerList(program);
  registerShow(program);
  registerEnd(program);
  registerStats(program);
  registerGc(program);
}
