import type { InstallConfig } from '../install-config';
import { insertRemoval } from '../sql/log-statements';
import type { Installation } from '../state/installation';
import { grantFacts } from '../state/migration-log';
import { createRemoval, type Step } from './step';

/**
 * Returns the steps that leave out the roles that a copied database recorded for its original. They
 * change the log of the copy only.
 */
export function leaveOutGrantSteps(
  config: InstallConfig,
  { leftOutGrants }: Pick<Installation, 'leftOutGrants'>,
): Step[] {
  const comment =
    '-- This database is a copy. An account of the original gets no role here, unless you use\n' +
    '-- --keep-grants.\n';
  return leftOutGrants.map((grant) => {
    const facts = grantFacts(grant);
    return { ...createRemoval(facts, [insertRemoval(config, facts)]), comment };
  });
}
