import { quoteIdentifier } from '../../util/identifiers';
import { sha256 } from '../../util/sha256';
import { definerAccount, quoteAccount } from '../sql/account';
import { readSqlFile, render } from '../sql/sql-files';
import { statementsOf } from '../sql/statements';
import { definerAccountFacts } from '../state/migration-log';
import type { DesiredState } from './desired-state';
import { createStep, type Step } from './step';

/** Returns the step for the account that the installer creates for the routines to run as. */
export function definerStep(desired: DesiredState): Step {
  const { comment, sql } = render(readSqlFile('privileges/definer'), desired);
  const definer = quoteAccount(definerAccount(desired));
  return createStep(definerAccountFacts, {
    comment,
    checksum: sha256(statementsOf(sql).join(';')),
    up: [
      ...statementsOf(sql),
      // An account that was created again lost them. New routines bring their own.
      ...desired.routinesWithoutDefiner.map(
        (routine) => `GRANT EXECUTE ON PROCEDURE ${quoteIdentifier(routine)} TO ${definer}`,
      ),
    ],
    down: [`DROP USER IF EXISTS ${definer}`],
  });
}
