import { setTimeout as globalSleep } from 'node:timers/promises';

/**
 * The timer functions and the clock, from when this module was loaded. The tests of an application
 * may replace the global ones by fakes, and a call of the database would then never end. Times of a
 * cookie still come from the global `Date`: express-session uses it too.
 */
export const { setTimeout, clearTimeout, setImmediate } = globalThis;

/** Resolves after a number of milliseconds. */
export const sleep = globalSleep;

/** Returns milliseconds since the start of the process. */
export const now: () => number = performance.now.bind(performance);

/** Runs a function before other callbacks. */
export const nextTick: typeof process.nextTick = process.nextTick.bind(process);
