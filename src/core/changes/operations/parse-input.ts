import { contract } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { OperationInput, OperationName } from './operation.ts';

/** The input of an operation that came as plain data. Throws `INPUT_INVALID`. */
export function parseInput<Name extends OperationName>(
  operation: Name,
  connectionId: string,
  input: Record<string, unknown>,
): OperationInput<Name> {
  const parsed = contract[operation].input.safeParse({ ...input, connectionId });
  if (parsed.success) return parsed.data as OperationInput<Name>;
  const issues = parsed.error.issues.map(({ path, message }) => ({
    path: path.map(String),
    message,
  }));
  throw new AppError({
    code: 'INPUT_INVALID',
    message: `The input of ${operation} is not valid: ${issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`)
      .join('; ')}.`,
    hint: 'Correct the named fields; nothing was sent.',
    details: { issues },
  });
}

/** An input as plain data, for the journal and for files: 64-bit integers as decimal text. */
export function plainInput(input: object): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(input, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ),
  ) as Record<string, unknown>;
}
