/** What the examples keep of a visitor. */
export interface Visitor {
  visits?: number;
  name?: string;
  colour?: string;
}

/** How long a visitor is remembered, in milliseconds. */
export const day = 86_400_000;

/** Counts a visit, and tells what is known of the visitor. */
export function welcome(visitor: Visitor): string {
  visitor.visits = (visitor.visits ?? 0) + 1;
  const { visits, name, colour } = visitor;
  return [`Visits: ${visits}`, name && `by ${name}`, colour && `in ${colour}`].filter(Boolean).join(', ');
}
