import { cleanupChart, cleanupFile, cleanupSection } from './cleanup';
import { growthChart, growthFile, growthSection } from './growth';
import type { Outcome } from './outcome';
import { circumstances, type Presentation } from './presentation';

export function presentScale(outcome: Outcome<'scale'>): Presentation {
  return {
    markdown: [
      '# What many sessions cost',
      circumstances(outcome),
      `Sessions of ${outcome.plan.size} B, ids at random.`,
      growthSection(outcome),
      cleanupSection(outcome),
    ].join('\n\n'),
    charts: { [growthFile]: growthChart(outcome), [cleanupFile]: cleanupChart(outcome) },
  };
}
