/** What takes an error that no caller waits for. */
export type ErrorHandler = (error: unknown) => void;

/** Hands an error to its handler, which must not take the process down if it throws. */
export function report(error: unknown, handler: ErrorHandler, option: string): void {
  try {
    handler(error);
  } catch (thrown) {
    process.emitWarning(`${option} threw ${String(thrown)}`);
  }
}

/** A handler that makes of the error a warning of the process. */
export function warnOf(type: string): ErrorHandler {
  return (error) => process.emitWarning(error instanceof Error ? error : String(error), { type });
}
