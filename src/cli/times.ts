/** A time of the table, as people read it: to the second, in UTC. */
export function timeOf(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

/** What lies so many milliseconds from now, by this machine's clock. */
export function fromNow(milliseconds: number): Date {
  return new Date(Date.now() + milliseconds);
}
