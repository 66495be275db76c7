import type { CallOutput } from '#shared/contract/index.ts';
import { StateBadge } from '../../../kit/components/state-badge.tsx';

/** An issued statement of a customer. */
export type IssuedRow = CallOutput<'statements.issued'>['rows'][number];

/** Whether an issued statement is final, and whether it still says what the archives do. */
export function IssuedState({ row }: { row: IssuedRow }) {
  if (row.correctedBy !== null) return <StateBadge tone="idle">Corrected</StateBadge>;
  if (row.change?.changed) {
    return (
      <span title={row.change.words}>
        <StateBadge tone="warning">Changed since</StateBadge>
      </span>
    );
  }
  return row.state === 'final' ? (
    <StateBadge tone="good">Final</StateBadge>
  ) : (
    <StateBadge tone="information">Draft</StateBadge>
  );
}
