import { createHash } from 'node:crypto';
import { AppError } from '#shared/errors.ts';
import { comparable, searchedText } from '#shared/plain-text.ts';
import { type Plan, type PlanChange, readPlan } from './plan-file.ts';

const kept = 3;

/** A change of a plan with its place in it, from 0. */
interface PlacedChange {
  change: PlanChange;
  index: number;
}

/** The plans that were opened last, so that one can be looked through page by page. */
export class OpenedPlans {
  readonly #plans = new Map<string, Plan>();

  /**
   * Reads a plan's file and keeps it while no three others are opened.
   * @throws AppError `PLAN_INVALID`
   */
  open(content: string): { planId: string; plan: Plan } {
    const planId = createHash('sha256').update(content).digest('hex');
    const plan = this.#plans.get(planId) ?? readPlan(content);
    this.#plans.delete(planId);
    this.#plans.set(planId, plan);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > kept && oldest !== undefined) this.#plans.delete(oldest);
    return { planId, plan };
  }

  /**
   * One page of a plan's changes.
   * @param search any part of a target's name or id
   * @throws AppError `NOT_FOUND` for a plan that is not kept any more
   */
  page(
    planId: string,
    { search, offset, limit }: { search?: string | undefined; offset: number; limit: number },
  ): { total: number; changes: PlacedChange[] } {
    const plan = this.#plans.get(planId);
    if (!plan) throw notOpen();
    const words = searchedText(search);
    const placed = plan.changes.map((change, index) => ({ change, index }));
    const matching =
      words === '' ? placed : placed.filter(({ change: { target } }) => names(target, words));
    return { total: matching.length, changes: matching.slice(offset, offset + limit) };
  }
}

function names({ id, name }: PlanChange['target'], words: string): boolean {
  return comparable(id).includes(words) || comparable(name).includes(words);
}

function notOpen(): AppError {
  return new AppError({
    code: 'NOT_FOUND',
    message: 'This plan is no longer open.',
    hint: 'Open its file again.',
  });
}
