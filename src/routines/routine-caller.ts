import {
  type AttributeAction,
  type AttributeRole,
  mayExecute,
  type Role,
  type RoutineName,
  routines,
  withPrefix,
} from '../contract';
import type { Connection, Parameter, Row } from '../database/connection';
import { DatabaseError } from '../errors';
import { InFlight } from '../util/in-flight';
import { asBatchConflict, BatchConflict } from './batch-conflict';
import { traceCall } from './diagnostics';
import { explainRoutineError } from './explain-routine-error';
import type { RetryPolicy } from './retry-policy';
import { onlyRow } from './routine-results';
import { UpgradeRetry } from './upgrade-retry';

/** Sends calls of routines: retried, traced and counted, and with errors that name the remedy. */
export class RoutineCaller {
  readonly #upgradeRetry = new UpgradeRetry();
  readonly #inFlight = new InFlight();

  /**
   * @param prefix what the routines' names start with, after the name of another database
   * @param role the role that the account should have, for error messages
   */
  constructor(
    private readonly connection: Connection,
    private readonly prefix: string,
    private readonly role: Role,
    private readonly retryPolicy: RetryPolicy,
  ) {}

  call(name: RoutineName, parameters: readonly Parameter[] = []): Promise<readonly Row[]> {
    return this.#execute(name, this.#roleFor(name), parameters);
  }

  /** Calls a routine for several sessions, and returns the positions that it reports. */
  async callMany(name: RoutineName, parameters: readonly Parameter[]): Promise<readonly number[]> {
    const query: Connection['query'] = (...call) =>
      this.connection.query(...call).catch(asBatchConflict);
    const rows = await this.#execute(name, this.#roleFor(name), parameters, query);
    return JSON.parse(String(onlyRow(rows)[0]));
  }

  /** Calls a routine of an attribute, such as `sess_find_user_id`. */
  callAttribute(
    action: AttributeAction,
    attribute: string,
    parameters: readonly Parameter[],
  ): Promise<readonly Row[]> {
    const role = `${action}_${attribute}` as const;
    return this.#execute(`sess_${role}`, role, parameters);
  }

  /** Resolves when no call is in flight. */
  idle(): Promise<void> {
    return this.#inFlight.idle();
  }

  #roleFor(name: RoutineName): Role {
    return mayExecute(this.role, name) ? this.role : routines[name].roles[0];
  }

  /** @param role the one to recommend if the account may not execute the routine */
  async #execute(
    name: RoutineName | `sess_${AttributeRole}`,
    role: Role,
    parameters: readonly Parameter[],
    query: Connection['query'] = (...call) => this.connection.query(...call),
  ): Promise<readonly Row[]> {
    const routine = withPrefix(this.prefix, name);
    const statement = `CALL ${routine}(${parameters.map(() => '?').join(', ')})`;
    // An operator's routine can read the whole table, which takes longer than a retry budget.
    const isBounded = role !== 'operator';
    const call = async (onAttempt: () => void) => {
      try {
        return await this.retryPolicy.run(
          routine,
          (deadline) => {
            onAttempt();
            return this.#upgradeRetry.retryDuringUpgrade(routine, () =>
              query(statement, parameters, deadline),
            );
          },
          isBounded,
        );
      } catch (thrown) {
        const error = thrown instanceof BatchConflict ? thrown.cause : thrown;
        throw error instanceof DatabaseError ? explainRoutineError(error, routine, role) : error;
      }
    };
    return this.#inFlight.run(() => traceCall(routine, call));
  }
}
