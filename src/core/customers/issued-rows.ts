import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import type { Statement } from '../usage/billing/statement.ts';
import { groupUsers } from './billed-users.ts';
import type { IssuedRow, NewIssued } from './store/statements.ts';

type Issued = CallOutput<'statements.issue'>;
type Summary = Omit<Issued, keyof IssuedRow | 'issuedAt' | 'customerId'>;

/** The lines of the same sources travel once. */
export function withoutDoubles(statements: readonly NewIssued[]): NewIssued[] {
  const seen = new Set<string>();
  return statements.map((statement) => {
    const { sources, sourceLines } = statement;
    if (seen.has(sources)) return { ...statement, sourceLines: null };
    if (sourceLines !== null) seen.add(sources);
    return statement;
  });
}

export function summaryOf(statement: Statement): Summary {
  const { state, currency, minorDigits, tariffId, tariffVersion, tariffName, from, to } = statement;
  const userIds = [...groupUsers({ users: statement.users as never }).values()]
    .flat()
    .slice(0, 100);
  return {
    ...{ state, currency, minorDigits, tariffId, tariffVersion, tariffName, from, to, userIds },
    total: toWireInteger(fromWireInteger(statement.total ?? 0)),
    users: statement.users.length,
    customerName: statement.customer?.name ?? '',
  };
}

export function toIssued(row: IssuedRow): Issued {
  const { statementId, number, customerId, corrects, correctedBy, digest, issuedBy } = row;
  return {
    ...(JSON.parse(row.summary) as Summary),
    ...{ statementId, number, customerId, corrects, correctedBy, digest, issuedBy },
    issuedAt: new Date(row.issuedAt).toISOString(),
  };
}

export function nothingToIssue({ reasons }: Statement): AppError {
  return new AppError({
    code: 'COVERAGE_INCOMPLETE',
    message: `There is no data to issue a statement from. ${reasons.join(' ')}`.trim(),
    hint: 'Collect the statistics of the period and refresh the clusters, so that sizes are sampled.',
  });
}
