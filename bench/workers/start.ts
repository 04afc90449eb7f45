import { Remote, type Services } from './remote';

interface Started {
  readonly remote: Pick<Remote<Services>, 'stop'>;
}

/** Starts a worker, and ends it again where what is to be done first fails. */
export async function start<Known extends Services, Result>(
  file: string,
  title: string,
  first: (remote: Remote<Known>) => Promise<Result>,
): Promise<Result & { readonly remote: Remote<Known> }> {
  const remote = new Remote<Known>(file, title);
  try {
    return { ...(await first(remote)), remote };
  } catch (error) {
    await remote.stop();
    throw error;
  }
}

/** Waits for all of them, and ends them all where one fails. */
export async function startAll<Item extends Started>(
  starting: ReadonlyArray<Promise<Item>>,
): Promise<Item[]> {
  const results = await Promise.allSettled(starting);
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await stopAll(started);
    throw failed.reason;
  }
  return started;
}

export async function stopAll(started: readonly Started[]): Promise<void> {
  await Promise.all(started.map(({ remote }) => remote.stop()));
}
