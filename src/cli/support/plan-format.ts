import { formatScript, type PlannedChange } from '../../install';

/** The forms in which a plan is printed. */
export const planFormats = ['sql', 'json'] as const;

export type PlanFormat = (typeof planFormats)[number];

/** Formats a plan. Without steps, the script is empty, and the JSON has no steps. */
export function formatPlan(planned: PlannedChange, format: PlanFormat): string {
  return format === 'json' ? `${JSON.stringify(planned, undefined, 2)}\n` : formatScript(planned);
}
