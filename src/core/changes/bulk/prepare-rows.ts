import { formatCounted } from '#shared/counted.ts';
import { type AppError, type ErrorCode, toAppError } from '#shared/errors.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import type { StoredRow } from '../../store/archive/queries/bulk.ts';
import { operationOf } from '../operations/catalogue/index.ts';
import { refusalOf } from '../operations/catalogue/naming.ts';
import {
  type Caller,
  type ChangeDescription,
  type Impact,
  isDestructive,
  type OperationInput,
  type OperationName,
  type OperationTarget,
  parseInput,
  type TargetReader,
} from '../operations/catalogue/operation.ts';
import { isUnchanged } from '../operations/engine.ts';
import { describeAsKnown, isCertain } from '../operations/preview.ts';
import { inTurn } from './in-turn.ts';
import { computedInput, inputToRead, type RelativeChange } from './relative.ts';
import type { SourceCall } from './source-calls.ts';

interface PrepareOptions {
  connectionId: string;
  calls: readonly SourceCall[];
  caller: Caller;
  /** A reader for one target; `complete` says whether everything asked for was known. */
  reader(): TargetReader & { readonly complete?: boolean };
  concurrency: number;
  signal?: AbortSignal;
  onProgress?: (done: number) => void;
}

export interface PreparedRows {
  rows: StoredRow[];
  destructive: boolean;
  impact: Impact | null;
  warnings: string[];
}

/** Of a reason: what is beyond is cut off. */
const mostReason = 400;

/** Calls on one target follow each other; different targets do not wait for one another. */
export function targetKey({ operation, input }: SourceCall['call']): string {
  if ('target' in input) return JSON.stringify(input.target);
  if ('userId' in input) return JSON.stringify({ user: input.userId });
  return `${operation} ${JSON.stringify(input)}`;
}

/** Reads every target and describes what each row would change. Sends readings only. */
export async function prepareRows(options: PrepareOptions): Promise<PreparedRows> {
  const numbered = options.calls.map((source, index) => ({ source, row: index + 1 }));
  const groups = Map.groupBy(numbered, ({ source }) => targetKey(source.call));
  const rows: StoredRow[] = new Array(numbered.length);
  const impacts: Impact[] = [];
  const warnings = new Map<string, { times: number; name: string }>();
  let done = 0;
  await inTurn(groups.values(), options.concurrency, async (group) => {
    options.signal?.throwIfAborted();
    const seen: KnownStates = new Map();
    const ofTarget: [OperationName, Impact][] = [];
    for (const { source, row } of group) {
      const prepared = await prepareRow(options, source, seen);
      rows[row - 1] = { ...prepared.stored, row };
      if (prepared.impact) ofTarget.push([source.call.operation, prepared.impact]);
      for (const warning of prepared.warnings) {
        const times = (warnings.get(warning)?.times ?? 0) + 1;
        warnings.set(warning, { times, name: prepared.stored.targetName });
      }
      done += 1;
      options.onProgress?.(done);
    }
    if (ofTarget.length > 0) impacts.push(impactOnTarget(ofTarget));
  });
  return {
    rows,
    destructive: options.calls.some(
      ({ call, refusal }) =>
        !refusal && isDestructive(operationOf(call.operation), call.input as never),
    ),
    impact: impacts.length === 0 ? null : impacts.reduce(added),
    warnings: warningLines(warnings),
  };
}

const warningsKept = 100;

/** Warnings of all rows: a shared one is listed once, one of a single row names its target. */
function warningLines(warnings: ReadonlyMap<string, { times: number; name: string }>): string[] {
  const lines = [...warnings].map(([text, { times, name }]) =>
    times === 1 ? `${name}: ${text}` : `${text} (${formatCounted(times, 'row')})`,
  );
  if (lines.length <= warningsKept) return lines;
  return [
    ...lines.slice(0, warningsKept),
    `${lines.length - warningsKept} more rows are warned of.`,
  ];
}

/**
 * States of one target by kind of operation and holder, so that a second row on it starts from what the
 * first leaves: the keys of a user and of its accounts are separate states. Open: a row before makes a
 * key, whose id nobody knows yet.
 */
type KnownStates = Map<string, { state: unknown; complete: boolean; isOpen: boolean }>;

function stateKey<Name extends OperationName>(name: Name, input: OperationInput<Name>): string {
  const kind = name.split('.', 1)[0];
  return JSON.stringify([kind, 'accountName' in input ? input.accountName : null]);
}

interface PreparedRow {
  stored: Omit<StoredRow, 'row'>;
  impact: Impact | null;
  warnings: string[];
}

/**
 * What several rows on one target touch together: its buckets and bytes once, its keys as many as the
 * rows of one operation name, since a row of another is about the same keys.
 */
function impactOnTarget(rows: readonly [OperationName, Impact][]): Impact {
  const byOperation = Map.groupBy(rows, ([operation]) => operation);
  const keys = [...byOperation.values()].map((same) =>
    same.reduce((sum, [, impact]) => sum + impact.keys, 0),
  );
  const most = rows
    .map(([, impact]) => impact)
    .reduce((left, right) =>
      right.bytes === null ||
      (left.bytes !== null && fromWireInteger(left.bytes) < fromWireInteger(right.bytes))
        ? right
        : left,
    );
  return { ...most, keys: Math.max(...keys) };
}

function added(left: Impact, right: Impact): Impact {
  return {
    // A sum with an unknown part is unknown.
    buckets: left.buckets === null || right.buckets === null ? null : left.buckets + right.buckets,
    bytes:
      left.bytes === null || right.bytes === null
        ? null
        : toWireInteger(fromWireInteger(left.bytes) + fromWireInteger(right.bytes)),
    keys: left.keys + right.keys,
  };
}

/** Errors that concern one target only. */
const ofOneRow: ReadonlySet<ErrorCode> = new Set([
  'NOT_FOUND',
  'INPUT_INVALID',
  'TARGET_AMBIGUOUS',
  'TARGET_CHANGED',
]);

async function prepareRow(
  options: PrepareOptions,
  { line, call, refusal, relative, reason, name: targetName }: SourceCall,
  seen: KnownStates,
): Promise<PreparedRow> {
  const base = {
    line,
    reason: reason?.slice(0, mostReason) ?? null,
    operation: call.operation,
    input: JSON.stringify(call.input),
  };
  if (refusal && targetName !== undefined) {
    return unread(base, { ...namedByInput(call), name: targetName }, refusal);
  }
  try {
    const name: OperationName = call.operation;
    const known = refusal ? new Map() : seen;
    const described = relative
      ? await describeRelative(options, { call, relative }, base, known)
      : await describeRow(options, name, inputOf(options, name, call.input), base, known);
    return refusal ? refused(described, refusal) : described;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (!ofOneRow.has(error.code)) throw error;
    return unread(base, namedByInput(call), refusal ?? error);
  }
}

function unread(base: RowBase, target: OperationTarget, error: AppError): PreparedRow {
  const described = { target, before: {}, after: {} };
  const facts = { known: false, writes: 0, readings: 0, error };
  return { stored: storedRow(base, described, facts), impact: null, warnings: [] };
}

/** A row as it was described, but not to be sent; an earlier refusal still counts. */
function refused({ stored }: PreparedRow, refusal: AppError): PreparedRow {
  const error = stored.error ?? JSON.stringify(refusal.toData());
  return { stored: { ...stored, state: 'refused', error }, impact: null, warnings: [] };
}

function inputOf<Name extends OperationName>(
  { connectionId }: PrepareOptions,
  name: Name,
  input: object,
): OperationInput<Name> {
  return parseInput(name, connectionId, input as Record<string, unknown>);
}

/** A row with relative values; refused if its target has none. */
async function describeRelative(
  options: PrepareOptions,
  { call, relative }: { call: SourceCall['call']; relative: RelativeChange },
  base: RowBase,
  seen: KnownStates,
): Promise<PreparedRow> {
  const name: OperationName = call.operation;
  const asked = inputOf(options, name, inputToRead(call.input, relative));
  const reader = options.reader();
  const earlier = seen.get(stateKey(name, asked));
  const state = earlier ? earlier.state : await operationOf(name).read(asked, reader);
  const complete = (earlier ?? reader).complete ?? true;
  try {
    const own = computedInput(call.input, relative, state as object, complete);
    seen.set(stateKey(name, asked), { state, complete, isOpen: false });
    const row = { ...base, input: JSON.stringify(own.input) };
    const described = await describeRow(
      options,
      name,
      inputOf(options, name, own.input),
      row,
      seen,
    );
    return { ...described, warnings: [...own.warnings, ...described.warnings] };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== 'INPUT_INVALID') throw error;
    const { target, before } = operationOf(name).describe(asked, state);
    const facts = { known: complete, writes: 0, readings: 0, error };
    const stored = storedRow(base, { target, before, after: before }, facts);
    return { stored, impact: null, warnings: [] };
  }
}

async function describeRow<Name extends OperationName>(
  { reader: openReader, caller }: PrepareOptions,
  name: Name,
  input: OperationInput<Name>,
  base: RowBase,
  seen: KnownStates,
): Promise<PreparedRow> {
  const operation = operationOf(name);
  const reader = openReader();
  const key = stateKey(name, input);
  const earlier = seen.get(key);
  const state = earlier ? earlier.state : await operation.read(input, reader);
  const source = earlier ?? reader;
  const { described, known } = describeAsKnown(operation, input, state, source);
  const refusal = refusalOf(operation, input, state, caller);
  const certain = refusal && isCertain(refusal, known);
  const isOpen = earlier?.isOpen ?? false;
  const unchanged = known && isUnchanged(described);
  const readings = operation.readings(input, state, 'read').length;
  const verifying = unchanged ? 0 : operation.readings(input, state, 'verify').length;
  const after = isOpen ? {} : described.after;
  const stored = storedRow(
    base,
    { ...described, after },
    {
      known: known && !isOpen,
      writes: unchanged ? 0 : operation.requests(input, state).length,
      readings: readings + verifying,
      error: certain ? refusal : null,
    },
  );
  if (certain) return { stored, impact: null, warnings: [] };
  if (operation.advance) {
    const advanced = operation.advance(input, state);
    seen.set(key, {
      ...{ state: advanced, complete: known },
      isOpen: isOpen || operation.madePair !== undefined,
    });
  }
  const impact =
    isDestructive(operation, input) && operation.impact
      ? await operation.impact(input, state, reader)
      : null;
  return { stored, impact, warnings: operation.warnings?.(input, state) ?? [] };
}

type RowBase = Pick<StoredRow, 'line' | 'reason' | 'operation' | 'input'>;

function storedRow(
  base: RowBase,
  { target, before, after }: ChangeDescription,
  facts: { known: boolean; writes: number; readings: number; error: AppError | null },
): Omit<StoredRow, 'row'> {
  return {
    ...base,
    targetKind: target.kind,
    targetId: target.id,
    targetName: target.name,
    before: JSON.stringify(facts.known ? before : {}),
    after: JSON.stringify(after),
    beforeKnown: facts.known,
    writes: facts.writes,
    readings: facts.readings,
    state: facts.error ? 'refused' : 'pending',
    attempts: 0,
    error: facts.error ? JSON.stringify(facts.error.toData()) : null,
    journalId: null,
    requestId: null,
  };
}

function namedByInput({ input }: SourceCall['call']): OperationTarget {
  if ('target' in input) {
    const { target } = input;
    if ('bucket' in target) return { kind: 'bucket', id: target.bucket, name: target.bucket };
    if ('user' in target) return { kind: 'user', id: target.user, name: target.user };
    return { kind: 'default', id: target.default, name: `default of every ${target.default}` };
  }
  if ('userId' in input) return { kind: 'user', id: input.userId, name: input.userId };
  const name = 'email' in input ? input.email : input.name;
  return { kind: 'email' in input ? 'user' : 'bucket', id: name, name };
}
