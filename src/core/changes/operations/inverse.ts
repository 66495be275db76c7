import { operationNames } from '#shared/contract/operations.ts';
import type { JournalIntent } from '../../store/archive/journal-port.ts';
import type { InverseOf } from '../journal/journal.ts';
import { operationOf } from './catalogue/index.ts';
import { type OperationCall, parseInput, plainInput } from './catalogue/operation.ts';

/** The operation that brings back what a journalled write changed; undefined where nothing can. */
export const inverseOf: InverseOf = (intent) => {
  const inverse = callOf(intent);
  if (!inverse) return undefined;
  const { operation, input } = inverse;
  return { operation, title: operationOf(operation).title, input: plainInput(input) };
};

function callOf({ connectionId, operation, input, before }: JournalIntent): OperationCall | null {
  const name = operationNames.find((known) => known === operation);
  if (!name) return null;
  try {
    return operationOf(name).inverse(parseInput(name, connectionId, input), before);
  } catch {
    return null; // an earlier console's entry, whose input this one does not take
  }
}
