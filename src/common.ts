export type {
  ConnectionFunction,
  ConnectionFunctionResult,
  ConnectionOptions,
} from './database/connection-options';
export {
  ArgumentError,
  CleanupBlockedError,
  DatabaseError,
  InstallationError,
  RetryBudgetError,
  RoutineNotGrantedError,
  SessionFormatError,
  StoreClosedError,
} from './errors';
export type {
  AttributeKind,
  AttributeKinds,
  AttributeValue,
  NoAttributes,
} from './options/attributes';
export type { EncryptionOptions } from './options/encryption';
export type {
  DatabaseOptions,
  Serializer,
  SessionOptions,
  StoreOptions,
} from './options/store-options';
export type { CallEvent, CleanupEvent, LostEvent } from './routines/diagnostics';
export type { FoundSession } from './sessions/attribute-operations';
export type { DestroyByOptions, LimitByOptions } from './sessions/bulk-options';
export type { DestroyReason, StoreEvents } from './sessions/session-events';
export type { PingResult, TimeoutOptions } from './sessions/session-service';
export type { SharedStoreMethods } from './stores/shared-store-methods';
