import { formatCommand } from '../command';
import type { ConnectedConfig, InstallConfig } from '../install-config';
import type { Account } from '../sql/account';
import type { Installation } from '../state/installation';
import type { DesiredState } from '../steps/desired-state';
import type { Step } from '../steps/step';

/** The input of every check: what is installed, and the steps that should be. */
export interface DoctorContext {
  readonly config: ConnectedConfig & DesiredState;
  readonly installed: Installation;
  readonly steps: readonly Step[];
  /** What the server has differently, by the label of the step. */
  readonly differences: ReadonlyMap<string, readonly string[]>;
  /** Accounts that may reach the sessions without a role. */
  readonly trusted: readonly Account[];
}

/** Returns the command that repairs what the installer can repair. */
export function migrateCommand({ config }: { readonly config: InstallConfig }): string {
  return formatCommand('migrate', config.names.flags);
}
