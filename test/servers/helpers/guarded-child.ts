import { runGuarded } from '../guarded';

/** Runs its arguments as a guarded command, and ends with its exit code. */
runGuarded(process.argv.slice(2), process.env).then((code) => {
  process.exitCode = code;
});
