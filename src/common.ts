export type { ConnectionOptions } from './database';
export {
  ArgumentError,
  DatabaseError,
  InstallationError,
  RoutineNotGrantedError,
  SessionFormatError,
  StoreClosedError,
} from './errors';
export type { DatabaseOptions, SessionOptions, StoreOptions } from './options';
export type { Serializer } from './serializer';
