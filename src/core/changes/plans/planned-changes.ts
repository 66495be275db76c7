import {
  AppError,
  type AppErrorData,
  conflict,
  invalidInput,
  notFound,
  toAppError,
} from '#shared/errors.ts';
import { limitResources } from '#shared/limit-resources.ts';
import type { GatewayLimits } from '../../gateway/model/gateway.ts';
import type { StoredRow } from '../../store/archive/queries/bulk.ts';
import type { BulkService } from '../bulk/bulk-service.ts';
import { type PreparedRows, targetKey } from '../bulk/prepare-rows.ts';
import { computedInput, type RelativeChange } from '../bulk/relative.ts';
import type { SourceCall } from '../bulk/source-calls.ts';
import { operationOf } from '../operations/catalogue/index.ts';
import type { OperationCall } from '../operations/catalogue/operation.ts';
import type { PlanChange } from './plan-file.ts';
import { callOf, changeOf } from './plan-summary.ts';

export function sourceOf({ operation, input }: OperationCall): SourceCall {
  return { line: null, call: { operation, input } as OperationCall };
}

export function commented(
  { comment: _before, ...change }: PlanChange,
  comment?: string,
): PlanChange {
  return comment === undefined || comment === '' ? change : { ...change, comment };
}

interface PlannedRow {
  change: PlanChange;
}

const unlimited = Object.fromEntries(limitResources.map((resource) => [resource, 0]));

/**
 * Puts changes of rate limits together with what the plan sets of the same targets already: of two
 * changes the first would take away what the second is based on. Once they are cleared the gateway gives
 * those that are not set again as unlimited. Changes such as +10 % count from what the plan sets.
 */
export function together(calls: readonly SourceCall[], rows: readonly PlannedRow[]): SourceCall[] {
  const planned = lastOf(rows);
  return calls.map((asked) => {
    const earlier = planned.get(`${familyOf(asked.call)} ${targetKey(asked.call)}`);
    if (!earlier) return asked;
    const source = asked.relative ? fromPlanned(asked, asked.relative, earlier) : asked;
    const { call } = source;
    if (call.operation !== 'limits.set') return source;
    const own = earlier.operation === 'limits.clear' ? unlimited : earlier.input.limits;
    const limits = { ...(own as object), ...call.input.limits };
    return { ...source, call: { ...call, input: { ...call.input, limits } } };
  });
}

/** A change of what there is, computed from what an earlier change of the plan leaves. */
function fromPlanned(
  asked: SourceCall,
  relative: RelativeChange,
  { after }: PlanChange,
): SourceCall {
  const { relative: _counted, ...source } = asked;
  // where what there is was never read, a plan says nothing of the rates that it leaves
  if ('rates' in relative && limitResources.some((one) => after[one] === undefined)) return asked;
  const left =
    'quota' in relative
      ? { quota: after.quota ? { sizeGb: BigInt(after.quota), type: '' } : null }
      : { limits: after.opsDefault === null ? null : (after as Exclude<GatewayLimits, null>) };
  try {
    const { input } = computedInput(source.call.input, relative, left, true);
    return { ...source, call: { ...source.call, input } as OperationCall };
  } catch (thrown) {
    return { ...source, refusal: toAppError(thrown) };
  }
}

/**
 * Prepares changes as their targets were last seen, and as planned changes of the same targets leave them
 * that come before: one revoked key is not there when the next is revoked.
 */
export async function prepareAfter(
  bulk: Pick<BulkService, 'prepareRows'>,
  connectionId: string,
  earlier: readonly PlannedRow[],
  calls: readonly SourceCall[],
): Promise<PreparedRows> {
  const targets = new Set(calls.map(({ call }) => targetKey(call)));
  const before = earlier.flatMap(({ change }) =>
    operationOf(change.operation).advance && targets.has(targetOf(change)) ? [callOf(change)] : [],
  );
  const read = { calls: [...before, ...calls], readFrom: 'snapshot' } as const;
  const { rows, ...rest } = await bulk.prepareRows(connectionId, read);
  return { ...rest, rows: rows.slice(before.length) };
}

export interface NumberedRow extends PlannedRow {
  rowId: number;
}

/** What becomes of rows of a plan; those that are replaced stay in their place. */
export interface RowChanges {
  replace: NumberedRow[];
  remove?: number[];
  move?: { rowId: number; place: number } | undefined;
}

/**
 * Lets steps that build on each other start from what is left before them, once some were removed, moved
 * or edited. Where their target is no longer as it was when they were planned nothing is guessed: they are
 * to be compared again.
 * @param before the plan's rows as they were
 * @param now the rows as they are to be, in their order
 * @returns rows that start from another state, and the ids of all whose comparison no longer holds
 */
export async function rebased(
  bulk: Pick<BulkService, 'prepareRows'>,
  connectionId: string,
  before: readonly NumberedRow[],
  now: readonly NumberedRow[],
): Promise<{ replace: NumberedRow[]; stale: number[] }> {
  const [was, is] = [stepsByTarget(before), stepsByTarget(now)];
  const replace: NumberedRow[] = [];
  const stale: number[] = [];
  for (const [target, steps] of is) {
    const earlier = was.get(target) ?? [];
    const isSame = (step: NumberedRow, index: number): boolean =>
      JSON.stringify(step) === JSON.stringify(earlier[index]);
    const first = steps.findIndex((step, index) => !isSame(step, index));
    if (first === -1) continue;
    stale.push(...steps.slice(first).map(({ rowId }) => rowId));
    const planned = await asSeen(bulk, connectionId, earlier);
    const isAsPlanned = planned.every(
      (row, index) =>
        row.state !== 'refused' &&
        JSON.stringify(changeOf(row).before) === JSON.stringify(earlier[index]?.change.before),
    );
    if (!isAsPlanned) continue;
    const rows = await asSeen(bulk, connectionId, steps);
    replace.push(
      ...steps.flatMap(({ rowId, change }, index) => {
        const row = rows[index];
        if (!row || row.state === 'refused') return [];
        const moved = commented(changeOf(row), change.comment);
        return JSON.stringify(moved) === JSON.stringify(change) ? [] : [{ rowId, change: moved }];
      }),
    );
  }
  return { replace, stale };
}

/** The steps of each target that leave a state for the next. */
function stepsByTarget(rows: readonly NumberedRow[]): Map<string, NumberedRow[]> {
  const steps = rows.filter(({ change }) => operationOf(change.operation).advance !== undefined);
  return Map.groupBy(steps, ({ change }) => targetOf(change));
}

async function asSeen(
  bulk: Pick<BulkService, 'prepareRows'>,
  connectionId: string,
  steps: readonly PlannedRow[],
): Promise<StoredRow[]> {
  const calls = steps.map(({ change }) => callOf(change));
  return (await bulk.prepareRows(connectionId, { calls, readFrom: 'snapshot' })).rows;
}

const targetOf = (change: PlanChange): string => targetKey(change as unknown as OperationCall);

const familyOf = ({ operation }: Pick<PlanChange, 'operation'>): string =>
  operation.split('.', 1)[0] ?? '';

/** The last change of each target and kind: `limits`, `quotas`. */
function lastOf(rows: readonly PlannedRow[]): Map<string, PlanChange> {
  return new Map(rows.map(({ change }) => [`${familyOf(change)} ${targetOf(change)}`, change]));
}

/** The fields that a change says the value of; of rate limits it may be some of the six. */
function fieldsSaid({ input, after }: PlanChange): string[] {
  const { limits } = input as { limits?: object };
  return Object.keys(limits ?? after);
}

/** The rows in whose place later changes come. */
export function supersededBy<Row extends PlannedRow>(
  changes: readonly PlanChange[],
  rows: readonly Row[],
): Row[] {
  const nameOf = ({ target }: PlanChange): string => `${target.kind}\n${target.id}`;
  const later = Map.groupBy(changes, nameOf);
  return rows.filter(({ change }) =>
    later.get(nameOf(change))?.some((one) => supersedes(one, change)),
  );
}

/**
 * Whether a later change takes the place of an earlier one of its target: both say for certain what the
 * target will be, and the later says it of every field.
 */
function supersedes(later: PlanChange, earlier: PlanChange): boolean {
  const sets = ({ operation }: PlanChange): boolean => operationOf(operation).wanted !== undefined;
  if (!sets(later) || !sets(earlier)) return false;
  const changed = (change: PlanChange): string[] =>
    fieldsSaid(change).filter(
      (field) => change.before === null || change.before[field] !== change.after[field],
    );
  return (
    familyOf(later) === familyOf(earlier) &&
    changed(earlier).every((field) => fieldsSaid(later).includes(field))
  );
}

/** Returns changes with the comments of those they replace, where they have none. */
export function withKeptComments(
  changes: readonly PlanChange[],
  superseded: readonly PlannedRow[],
): PlanChange[] {
  const earlier = lastOf(superseded);
  return changes.map((change) =>
    commented(
      change,
      change.comment ?? earlier.get(`${familyOf(change)} ${targetOf(change)}`)?.comment,
    ),
  );
}

export function oneOf(left: string, right: string): AppError {
  return invalidInput(`Either ${left} or ${right} is needed.`, 'Hand over one of them.');
}

/** Returns why nothing could be added: of one change its own reason. */
export function nothingAdded(rows: readonly StoredRow[]): AppError {
  const [refused] = rows;
  if (rows.length === 1 && refused?.error) {
    return AppError.fromData(JSON.parse(refused.error) as AppErrorData);
  }
  return invalidInput(
    'There is nothing to plan: every target was refused.',
    'Select other targets, or refresh the cluster first.',
  );
}

export function otherTarget(): AppError {
  return invalidInput(
    'A planned change cannot move to another target.',
    'Add another change, and remove this one.',
  );
}

export function notCompared(): AppError {
  return conflict(
    'This change was not found to have drifted.',
    'Compare the plan with the cluster again.',
  );
}

export function noSuchPlan(): AppError {
  return notFound(
    'This cluster has no change plan of that id.',
    'Look at the list of change plans; it may have been deleted.',
  );
}

export function noSuchRow(): AppError {
  return notFound(
    'This plan has no such change.',
    'Open the plan again; the change may have been removed.',
  );
}
