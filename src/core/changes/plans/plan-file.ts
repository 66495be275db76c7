import { z } from 'zod';
import { operationName } from '#shared/contract/operations.ts';
import { operationTarget } from '#shared/contract/targets.ts';
import { AppError, notFound } from '#shared/errors.ts';
import { nestsTooDeep } from '#shared/nesting.ts';
import { comparable, searchedText } from '#shared/plain-text.ts';
import { canonicalJson, sha256 } from '../../store/archive/file/encodings.ts';

const format = 'ostor-console-change-plan';
/** Version 2 has comments on changes; plans without any are written as 1, for earlier consoles. */
const versions = [1, 2] as const;
const newest = Math.max(...versions);

const fields = z.record(z.string(), z.string().nullable());

/** One operation of a plan, with the state it was planned on: null where that was not known. */
const planChange = z.strictObject({
  operation: operationName,
  input: z.record(z.string(), z.unknown()),
  target: operationTarget,
  before: fields.nullable(),
  after: fields,
  comment: z.string().max(2000).optional(),
});

const planBody = z.strictObject({
  format: z.literal(format),
  version: z.literal(versions),
  name: z.string(),
  note: z.string().nullable(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  endpoint: z.string(),
  connectionName: z.string(),
  snapshotAsOf: z.iso.datetime().nullable(),
  reverses: z.string().nullable(),
  changes: z.array(planChange).max(200_000),
});

/** A change plan. Holds no secret: no operation's input has one. */
export type Plan = z.output<typeof planBody>;
export type PlanChange = z.output<typeof planChange>;

function checksumOf(plan: Plan): string {
  return sha256(canonicalJson(plan));
}

export function writePlan(plan: Omit<Plan, 'format' | 'version'>): string {
  const version = plan.changes.some(({ comment }) => comment !== undefined) ? 2 : 1;
  const whole: Plan = { format, version, ...plan };
  return `${JSON.stringify({ ...whole, checksum: checksumOf(whole) }, null, 2)}\n`;
}

function invalid(message: string, hint: string): AppError {
  return new AppError({ code: 'PLAN_INVALID', message, hint });
}

/**
 * Reads a plan's file.
 * @throws AppError `PLAN_INVALID` for another kind of file, a newer version, or a changed content
 */
export function readPlan(text: string): Plan {
  const { checksum, ...body } = parseObject(text);
  if (body.format !== format) {
    throw invalid(
      'The file is not a change plan.',
      'Open a file that this console saved as a plan.',
    );
  }
  if (typeof body.version !== 'number' || body.version > newest) {
    throw invalid(
      `The plan is of version ${String(body.version)}; this console knows ${newest}.`,
      'Open it with the console that wrote it, or update this one.',
    );
  }
  const plan = planBody.safeParse(body);
  if (!plan.success) {
    const [issue] = plan.error.issues;
    const where = issue ? ` (${issue.path.join('.')}: ${issue.message})` : '';
    throw invalid(`The plan is damaged${where}.`, 'Make it again, or get an unchanged copy.');
  }
  if (checksum !== checksumOf(plan.data)) {
    throw invalid(
      'The plan was changed since it was saved: its checksum does not match.',
      'Get an unchanged copy; a plan is not edited by hand.',
    );
  }
  return plan.data;
}

function parseObject(text: string): Record<string, unknown> {
  if (nestsTooDeep(text)) {
    throw invalid(
      'The file nests its values deeper than any change plan.',
      'Open a file that this console saved as a plan.',
    );
  }
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // reported below: it is no plan
  }
  throw invalid(
    'The file is not JSON, so it is no change plan.',
    'Open a file that this console saved as a plan.',
  );
}

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
    const planId = sha256(content);
    const plan = this.#plans.get(planId) ?? readPlan(content);
    this.#plans.delete(planId);
    this.#plans.set(planId, plan);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > kept && oldest !== undefined) this.#plans.delete(oldest);
    return { planId, plan };
  }

  has(planId: string): boolean {
    return this.#plans.has(planId);
  }

  /**
   * One page of a plan's changes.
   * @param search any part of a target's name or id
   * @throws AppError `NOT_FOUND` for a plan that is no longer kept
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
  return notFound('This plan is no longer open.', 'Open its file again.');
}
