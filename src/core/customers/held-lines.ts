import { nounOf } from '#shared/counted.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import type { Statement } from '../usage/billing/statement.ts';
import type { ClusterPart } from './customer-statement.ts';
import type { AcceptedLine } from './store/accepted-lines.ts';

export type HeldLine = NonNullable<Statement['held']>[number];
export type HeldOpen = Omit<HeldLine, 'accepted'>;
type LineName = Pick<AcceptedLine, 'connectionId' | 'userId' | 'item'>;

/** Whether two lines are of one item of one user. */
export function isSameLine(one: LineName, other: LineName): boolean {
  return (
    one.connectionId === other.connectionId &&
    one.userId === other.userId &&
    one.item === other.item
  );
}

/** @throws AppError `INPUT_INVALID` where it is not among them */
export function findHeld<Line extends LineName>(held: readonly Line[], line: LineName): Line {
  const found = held.find((one) => isSameLine(one, line));
  if (!found) throw noSuchLine();
  return found;
}

/** Throws if only users of several customers prevent the statement. */
export function assertNotShared(parts: readonly ClusterPart[], { reasons }: Statement): void {
  const shared = new Set(parts.flatMap((part) => part.shared));
  if (shared.size === 0 || shared.size < reasons.length) return;
  throw new AppError({
    code: 'COVERAGE_INCOMPLETE',
    message: `Two customers would pay for the same user. ${[...shared].join(' ')}`,
    hint: 'Look at Users of several customers under Customers, Mismatches, and unmap each user from the customer that does not pay for it.',
  });
}

/** Throws if only held-back lines prevent the statement. */
export function assertNotHeld({ held = [], reasons }: Statement): void {
  const open = held.filter(({ accepted }) => !accepted);
  if (open.length === 0 || open.length < reasons.length) return;
  throw new AppError({
    code: 'COVERAGE_INCOMPLETE',
    message: `Held back: ${open.map(({ words }) => words).join(' ')}`,
    hint: `Review the statement of this customer and accept the ${nounOf(open.length, 'line')} with a reason.`,
    details: { held: true },
  });
}

export function noSuchLine(): AppError {
  return invalidInput(
    'No line of this statement is waiting for this decision.',
    'Make the statement again and take the lines from it.',
  );
}
