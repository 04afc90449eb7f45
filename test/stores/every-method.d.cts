/** What `callEveryMethod` returns if the fake timers disturb nothing. */
export const expectedResults: ReadonlyArray<readonly [string, unknown]>;
