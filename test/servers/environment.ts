/** No more of the environment than a server needs: MYSQL_HOME, MYSQL_TCP_PORT and the like would change it. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, TZ } = process.env;
  return { PATH: PATH ?? '/usr/bin:/bin', ...(TZ === undefined ? {} : { TZ }) };
}
