import { type Attribute, indexName } from '../attributes/attribute';
import { getAttributeType } from '../attributes/attribute-type';
import { defaultEventInterval, type EventSetting, type InstallConfig } from '../install-config';
import { isSameAccount } from '../sql/account';
import type { Installation } from '../state/installation';
import { findRecord, recordedAttributes } from '../state/installation-record';
import type { InstalledTable } from '../state/installed-table';
import { attributeFacts, findEntry, type RoleGrant } from '../state/migration-log';
import type { AccountRights } from '../state/routine-rights';
import { findRoutinesWithoutDefiner } from './definer-difference';
import { inferGrants, type PlannedGrant, planGrants } from './planned-grants';

/** An attribute that is recorded or requested, and which parts of it exist. */
export interface PlannedAttribute extends Attribute {
  readonly hasColumn: boolean;
  readonly hasIndex: boolean;
  /** Whether what exists is not what the type needs. */
  readonly isDifferent: boolean;
  /** The recorded checksum; `undefined` if the attribute is not recorded. */
  readonly checksum: string | undefined;
}

/** What should be installed: what is requested now, and what earlier runs recorded. */
export interface DesiredState extends InstallConfig {
  /** Seconds between two runs of the event; `undefined` for no event. */
  readonly every: number | undefined;
  readonly attributes: readonly PlannedAttribute[];
  /** The recorded roles. */
  readonly grants: readonly PlannedGrant[];
  /** The installed routines that the definer may not execute. */
  readonly routinesWithoutDefiner: readonly string[];
  /** The roles that a DBA granted without this package. */
  readonly inferredGrants: readonly RoleGrant[];
  /** Who may execute which routine now, without the installing account. */
  readonly rights: readonly AccountRights[];
  /** The table, as the server has it; `undefined` if it does not exist. */
  readonly table: InstalledTable | undefined;
  /** Who could execute the routines that an interrupted run dropped. */
  readonly interruptedRights: readonly AccountRights[];
}

/** Adds what earlier runs recorded to a config. `added` are attributes to add now. */
export function resolveDesiredState<Config extends InstallConfig>(
  config: Config,
  installed: Installation,
  event?: EventSetting | undefined,
  added: readonly Attribute[] = [],
): Config & DesiredState {
  return {
    ...config,
    currentDefiner: installed.currentDefiner,
    every: resolveInterval(event, currentInterval(installed)),
    attributes: planAttributes(config, installed, added),
    routinesWithoutDefiner: findRoutinesWithoutDefiner(config, installed),
    grants: planGrants(config, installed),
    inferredGrants: inferGrants(config, installed),
    interruptedRights: installed.interruptedRights,
    rights: installed.rights.filter(({ account }) => !isSameAccount(account, installed.installer)),
    table: installed.table,
  };
}

/** Returns what a new installation should have. */
export function resolveFreshState(config: InstallConfig, event?: EventSetting): DesiredState {
  return {
    ...config,
    every: resolveInterval(event, undefined),
    attributes: [],
    routinesWithoutDefiner: [],
    grants: [],
    inferredGrants: [],
    rights: [],
    table: undefined,
    interruptedRights: [],
  };
}

/**
 * Returns the seconds between two runs of the event; `undefined` if there is no event. Without a
 * record, an own event counts.
 */
export function currentInterval({ log, event }: Installation): number | undefined {
  const record = findRecord(log);
  const unrecorded = event?.isOwn ? (event.every ?? defaultEventInterval) : undefined;
  return record ? record.every : unrecorded;
}

function resolveInterval(
  event: EventSetting | undefined,
  current: number | undefined,
): number | undefined {
  if (event === false) {
    return undefined;
  }
  return event === undefined ? current : (event.every ?? current ?? defaultEventInterval);
}

function planAttributes(
  { names }: InstallConfig,
  { log, table }: Installation,
  added: readonly Attribute[],
): PlannedAttribute[] {
  const recorded = recordedAttributes(log);
  const others = added.filter(({ name }) => !recorded.some((known) => known.name === name));
  return [...recorded, ...others].map((attribute) => {
    const column = table?.columns.find(({ name }) => name === attribute.name);
    const index = table?.indexes.get(indexName(attribute.name));
    const { shown } = getAttributeType(attribute.type);
    return {
      ...attribute,
      hasColumn: column !== undefined,
      hasIndex: index !== undefined,
      isDifferent:
        (column !== undefined && (!column.isVirtual || column.type !== `${shown} NULL`)) ||
        (index !== undefined && index !== `on ${attribute.name}, ${names.sidColumn}`),
      checksum: findEntry(log, attributeFacts(attribute))?.checksum,
    };
  });
}
