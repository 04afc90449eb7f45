/** The data in a visitor's session. */
export interface Visitor {
  visits?: number;
  name?: string;
  color?: string;
}

/** The lifetime of a session, in milliseconds. */
export const day = 86_400_000;

/** Counts a visit, and returns the text of the page: "Visits: 2, by Ada, in teal". */
export function welcome(visitor: Visitor): string {
  visitor.visits = (visitor.visits ?? 0) + 1;
  const { visits, name, color } = visitor;
  const parts = [`Visits: ${visits}`, name && `by ${name}`, color && `in ${color}`];
  return parts.filter(Boolean).join(', ');
}
