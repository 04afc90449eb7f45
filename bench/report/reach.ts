import { type Goal, goalsOf, type Measured, type Outcomes } from './goals';
import { ratioText, table } from './markdown';

/** The goals in a table, each with what is worst of all that was measured for it. */
export function presentReach(outcomes: Outcomes): string {
  const dates = [outcomes.store, outcomes.pages, outcomes.scale].flatMap((outcome) =>
    outcome ? [`${outcome.part} of ${outcome.date}`] : [],
  );
  return [
    '# What is reached',
    `This package to others, from the parts ${dates.join(', ')}: of each goal the worst median of all that was measured for it,
with the lowest and the highest of its rounds.`,
    table(['', 'to', 'wanted', 'measured', 'where', ''], goalsOf(outcomes).map(row)),
  ].join('\n\n');
}

function row(goal: Goal): string[] {
  const { what, to, wanted } = goal;
  const text = 'atLeast' in wanted ? `≥ ${wanted.atLeast}` : `≤ ${wanted.atMost}`;
  const worst = worstOf(goal);
  if (!worst) return [what, to, text, '–', '', 'not measured'];
  const { median } = worst.ratio;
  const isReached = 'atLeast' in wanted ? median >= wanted.atLeast : median <= wanted.atMost;
  return [what, to, text, ratioText(worst.ratio), worst.where, isReached ? 'reached' : '**not reached**'];
}

function worstOf({ wanted, measured }: Goal): Measured | undefined {
  const sign = 'atLeast' in wanted ? 1 : -1;
  return [...measured].sort((one, other) => sign * (one.ratio.median - other.ratio.median))[0];
}
