export type { AttributeKind, AttributeKinds, AttributeValue, NoAttributes } from './attributes';
export type { ConnectionOptions } from './database';
export type { CallEvent, CleanupEvent, LostEvent } from './diagnostics';
export type { EncryptionOptions } from './encryption';
export {
  ArgumentError,
  DatabaseError,
  InstallationError,
  RetryBudgetError,
  RoutineNotGrantedError,
  SessionFormatError,
  StoreClosedError,
} from './errors';
export type { DatabaseOptions, SessionOptions, StoreOptions } from './options';
export type { Serializer } from './serializer';
export type { DestroyByOptions, FoundSession } from './session-finder';
