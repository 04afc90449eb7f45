import type { Outcome } from '../outcome';
import { circumstances, type Presentation } from '../presentation';
import { findingSection } from './finding';
import { onlineSection } from './online';
import { writingChart, writingFile, writingSection } from './writing';

export function presentAttributes(outcome: Outcome<'attributes'>): Presentation {
  return {
    markdown: [
      '# What an attribute costs',
      circumstances(outcome),
      `An attribute \`user_id VARCHAR(64)\` at \`$.user.id\`: a virtual column with an index, made by \`knex-mysql-session attribute add\`, and
the two routines by which a user's sessions are found and ended. Sessions of ${outcome.plan.size} B, ids at random. Ratios are the median of the rounds,
and the lowest and highest.`,
      onlineSection(outcome),
      findingSection(outcome),
      writingSection(outcome),
    ].join('\n\n'),
    charts: { [writingFile]: writingChart(outcome) },
  };
}
