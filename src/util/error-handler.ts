/** Handles an error that no caller waits for. */
export type ErrorHandler = (error: unknown) => void;

export function isErrorHandler(value: unknown): value is ErrorHandler {
  return typeof value === 'function';
}

/**
 * Calls a handler of the application. If it throws, the process gets a warning and goes on.
 *
 * @param option the name of the handler's option, for the warning
 */
export function callErrorHandler(error: unknown, handler: ErrorHandler, option: string): void {
  try {
    handler(error);
  } catch (thrown) {
    process.emitWarning(`${option} threw ${String(thrown)}`);
  }
}

/** Returns a handler that emits each error as a process warning of the type. */
export function warningHandler(type: string): ErrorHandler {
  return (error) => process.emitWarning(error instanceof Error ? error : String(error), { type });
}
