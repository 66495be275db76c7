import type { CallOutput } from '#shared/contract/index.ts';
import { operationNames } from '#shared/contract/operations.ts';
import { AppError, invalidInput, toAppError } from '#shared/errors.ts';
import type { Fields } from '#shared/operation-fields.ts';
import { asOffline } from '../../gateway/outcome.ts';
import { chosenByGateway, fieldChanges } from './catalogue/fields.ts';
import { operationOf } from './catalogue/index.ts';
import {
  type Operation,
  type OperationInput,
  type OperationName,
  parseInput,
  type TargetReader,
} from './catalogue/operation.ts';
import type { OperationEngine } from './engine.ts';

/**
 * Returns whether fields read later show what a journalled write was to bring about. Fields it did not
 * change may have been changed by somebody since.
 */
export function fieldsShow(before: Fields, after: Fields, now: Fields): boolean {
  return fieldChanges(before, after)
    .filter(({ changed }) => changed)
    .every((change) => {
      const found = now[change.field as keyof Fields] ?? null;
      if (change.after?.includes(chosenByGateway)) {
        return newKeyShows(change.before, change.after, found);
      }
      return found === change.after;
    });
}

function newKeyShows(before: string | null, after: string, now: string | null): boolean {
  const list = (text: string | null): string[] => (text === null ? [] : text.split(', '));
  const kept = list(after).filter((id) => id !== chosenByGateway);
  const found = list(now);
  const added = found.filter((id) => !list(before).includes(id));
  return (
    added.length > 0 &&
    kept.every((id) => found.includes(id)) &&
    found.length === kept.length + added.length
  );
}

interface RecheckOptions {
  signal?: AbortSignal | undefined;
  /** Who reads many tells of all of them once, at the end. */
  quiet?: boolean;
}

/**
 * Reads once more what a journalled write was about and records what that showed. Sends no write.
 * @throws AppError `NOT_FOUND` where the journal has no such entry
 */
export async function recheck(
  engine: OperationEngine,
  connectionId: string,
  journalId: string,
  { signal, quiet = false }: RecheckOptions = {},
): Promise<CallOutput<'operations.recheck'>> {
  const intent = await engine.journal.intent(connectionId, journalId);
  const name = operationNames.find((known) => known === intent.operation);
  if (!name) throw nothingToRead(intent.title);
  const input = parseInput(name, connectionId, intent.input);
  const { reader } = await engine.contextOf(connectionId, signal);
  const operation = operationOf(name);
  const state = await stateNow(operation, input, reader);
  const now = fieldsOf(operation, input, state);
  const verified = fieldsShow(intent.before, intent.after, now);
  if (verified) {
    const target = operation.madeTarget?.(input, state) ?? null;
    await engine.journal.close(connectionId, journalId, {
      result: 'verified',
      requestId: null,
      error: null,
      ...(target ? { target } : {}),
    });
    const learned = state === null ? [] : operation.learned(input, state, Date.now());
    const kept = engine.learn(connectionId, learned);
    if (!quiet) {
      await kept;
      engine.tell(connectionId, operation.topics);
    }
  }
  const madePair =
    verified && state !== null ? operation.madePair?.(input, intent.before, state) : null;
  return {
    verified,
    journalId,
    fields: fieldChanges(now, intent.after),
    asOf: new Date().toISOString(),
    ...(madePair ? { madePair } : {}),
  };
}

type AnyOperation<Name extends OperationName> = Operation<Name, unknown, unknown>;

/** The fields of an operation's target as they are; none where it is not there. */
export async function fieldsNow<Name extends OperationName>(
  name: Name,
  input: OperationInput<Name>,
  reader: TargetReader,
): Promise<Fields> {
  const operation: AnyOperation<Name> = operationOf(name);
  return fieldsOf(operation, input, await stateNow(operation, input, reader));
}

function fieldsOf<Name extends OperationName>(
  operation: AnyOperation<Name>,
  input: OperationInput<Name>,
  state: unknown,
): Fields {
  return state === null ? {} : operation.describe(input, state).before;
}

/** An operation's target as it is; null where it is not there. */
async function stateNow<Name extends OperationName>(
  operation: AnyOperation<Name>,
  input: OperationInput<Name>,
  reader: TargetReader,
): Promise<unknown> {
  try {
    return await operation.read(input, reader);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'NOT_FOUND') return null;
    throw asOffline(toAppError(thrown), 'it cannot be checked now');
  }
}

function nothingToRead(title: string): AppError {
  return invalidInput(
    `"${title}" changed nothing on the gateway: there is nothing to read again.`,
    'Read entries of writes again; this one only says what the console did.',
  );
}
