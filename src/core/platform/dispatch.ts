import type { z } from 'zod';
import {
  type CallContext,
  type CallName,
  type CallReply,
  contract,
  type HandlersOf,
} from '#shared/contract/index.ts';
import { AppError, invalidInput, toAppError } from '#shared/errors.ts';
import { valueNestsTooDeep } from '#shared/nesting.ts';

/** A handler for every call of the contract; one that is missing does not compile. */
export type AllHandlers = HandlersOf<DomainOf<CallName>>;
type DomainOf<Name extends string> = Name extends `${infer Domain}.${string}` ? Domain : never;

/** Answers one call by name: validates, calls, turns whatever was thrown into data. Never rejects. */
export type Dispatch = (name: unknown, input: unknown, context: CallContext) => Promise<CallReply>;

export interface DispatchOptions {
  handlers: AllHandlers;
  /** Called with every error with the name of its call: for the log. */
  onError?: (name: string, error: AppError) => void;
  /** Keeps what a call uses open while it runs; gets the connection that it names. */
  during?: (connectionId: string | null, call: () => Promise<unknown>) => Promise<unknown>;
  /** Check every value against its output schema: on in tests and development. */
  checkOutputs?: boolean;
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(contract, name);
}

/** Returns the errors of the union member that a value comes closest to, if any. */
function ofNearestForm(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const forms = issue.errors
    .map((issues) => ({ issues, depth: Math.max(...issues.map(({ path }) => path.length)) }))
    .toSorted((one, other) => other.depth - one.depth);
  const [nearest, second] = forms;
  if (!nearest || nearest.depth === second?.depth) return [issue];
  return nearest.issues.flatMap((one) =>
    ofNearestForm({ ...one, path: [...issue.path, ...one.path] }),
  );
}

function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  return issues
    .slice(0, 5)
    .map((issue) => `${issue.path.length === 0 ? 'input' : issue.path.join('.')}: ${issue.message}`)
    .join('; ');
}

function unknownCall(): AppError {
  return new AppError({
    code: 'CALL_UNKNOWN',
    message: 'The console has no call of that name.',
    hint: 'Look the name up in the table of calls; console and script may be of different versions.',
  });
}

function invalidFields(name: CallName, found: readonly z.core.$ZodIssue[]): AppError {
  const issues = found.flatMap(ofNearestForm);
  return new AppError({
    code: 'INPUT_INVALID',
    message: `The input of ${name} is not valid: ${describeIssues(issues)}.`,
    hint: 'Correct the named fields and send the call again; nothing was done.',
    details: {
      issues: issues.map(({ path, message }) => ({ path: path.map(String), message })),
    },
  });
}

function nestsTooDeep(name: CallName): AppError {
  return invalidInput(
    `The input of ${name} nests its values deeper than any input.`,
    'Correct it and send the call again; nothing was done.',
  );
}

function connectionOf(input: unknown): string | null {
  const { connectionId } = input as { connectionId?: unknown };
  return typeof connectionId === 'string' ? connectionId : null;
}

/**
 * The one door into core. Names are looked up as own keys of the contract, every input is validated,
 * every error leaves as data.
 */
export function createDispatch({
  handlers,
  onError,
  during = (_connectionId, call) => call(),
  checkOutputs = false,
}: DispatchOptions): Dispatch {
  return async (name, input, context) => {
    try {
      if (!isCallName(name)) throw unknownCall();
      if (valueNestsTooDeep(input)) throw nestsTooDeep(name);
      const parsed = contract[name].input.safeParse(input ?? {});
      if (!parsed.success) throw invalidFields(name, parsed.error.issues);
      const handler = handlers[name] as (input: unknown, context: CallContext) => Promise<unknown>;
      const value = await during(connectionOf(parsed.data), () => handler(parsed.data, context));
      if (checkOutputs) contract[name].output.parse(value);
      return { ok: true, value };
    } catch (thrown) {
      const error = toAppError(thrown);
      onError?.(isCallName(name) ? name : 'unknown', error);
      return { ok: false, error: error.toData() };
    }
  };
}
