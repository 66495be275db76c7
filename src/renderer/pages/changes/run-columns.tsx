import { IconArrowRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import classes from '../../changes/bulk/bulk.module.css';
import type { BulkRow } from '../../changes/bulk/change-values.ts';
import { type FieldChange, FieldValue, fieldText } from '../../changes/operation/field-words.tsx';
import { type RowMenu, withRowMenu } from '../../changes/operation/row-actions.tsx';
import { clusterPath, journalPath, targetPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { codeColumn, customColumn, figureColumn } from '../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import { changeOf, isUnchanged, rowStanding, StandingBadge } from './run-words.tsx';

/** Before and after of one field, short, for a row of a table. */
function ShortChange({ change, known }: { change: FieldChange; known: boolean }) {
  const revoked = known ? removedKeys(change) : [];
  if (revoked.length > 0) {
    return (
      <span className={classes.change}>
        <span className="oc-dimmed">Access key</span>
        <span className="oc-mono">{revoked.join(', ')}</span>
        <IconArrowRight size={12} className="oc-faint" aria-label="becomes" />
        <span className={classes.after}>revoked</span>
      </span>
    );
  }
  return (
    <span className={classes.change}>
      <span className="oc-dimmed">{change.label}</span>
      <span className={classes.before}>
        {known ? (
          <FieldValue change={change} value={change.before} side="before" />
        ) : (
          <span className="oc-faint">not known</span>
        )}
      </span>
      <IconArrowRight size={12} className="oc-faint" aria-label="becomes" />
      <span className={classes.after}>
        <FieldValue change={change} value={change.after} side="after" />
      </span>
    </span>
  );
}

const shortly = 2;

/** Sorts figures before limits that become unlimited. */
function tellingFirst(one: FieldChange, other: FieldChange): number {
  const weight = ({ after }: FieldChange) => (after === null || after === '0' ? 1 : 0);
  return weight(one) - weight(other);
}

function Changes({ row }: { row: BulkRow }) {
  const changed = row.fields.filter((field) => field.changed || !row.beforeKnown);
  const shown =
    changed.length > shortly ? changed.toSorted(tellingFirst).slice(0, shortly) : changed;
  if (isUnchanged(row)) {
    return <span className="oc-faint">unchanged, skipped{sameWords(row)}</span>;
  }
  return (
    <span className={classes.changeList}>
      {shown.map((change) => (
        <ShortChange key={change.field} change={change} known={row.beforeKnown} />
      ))}
      {changed.length > shown.length && (
        <span className="oc-faint">and {changed.length - shown.length} more</span>
      )}
    </span>
  );
}

function removedKeys({ field, before, after }: FieldChange): string[] {
  if (field !== 'keys' || before === null) return [];
  const kept = new Set(after?.split(', '));
  return before.split(', ').filter((id) => !kept.has(id));
}

function sameWords({ fields }: BulkRow): string {
  const words = fields
    .filter(({ after }) => after !== null)
    .map((change) => `${change.label} ${fieldText(change, change.after, 'after')}`);
  return words.length === 0 ? '' : `: ${words.slice(0, 2).join(', ')}`;
}

function changeWords({ fields, beforeKnown }: BulkRow): string {
  return fields
    .filter(({ changed }) => changed || !beforeKnown)
    .map(
      (change) =>
        `${change.label}: ${beforeKnown ? fieldText(change, change.before, 'before') : 'not known'} -> ${fieldText(change, change.after, 'after')}`,
    )
    .join('; ');
}

function JournalLink({ journalId }: { journalId: string }) {
  const cluster = useCluster();
  return (
    <Link to={journalPath(cluster.id, journalId)} tabIndex={-1} data-row-action>
      Entry
    </Link>
  );
}

const ofPlans: ReadonlySet<string> = new Set(['target', 'targetId', 'operation', 'changes']);

const columns: readonly DataColumn<BulkRow>[] = [
  customColumn('target', 'Target', {
    width: 200,
    grow: true,
    searched: true,
    cell: ({ target }) => (
      <span title={target.name === target.id ? target.id : `${target.name} · ${target.id}`}>
        {target.name}
      </span>
    ),
    csv: ({ target }) => target.name,
  }),
  customColumn('state', 'Result', {
    width: 122,
    cell: (row) => <StandingBadge standing={rowStanding(row)} />,
    csv: (row) => rowStanding(row).word,
  }),
  customColumn('targetId', 'Target id', {
    width: 150,
    searched: true,
    hidden: true,
    cell: ({ target }) => <span className="oc-mono">{target.id}</span>,
    csv: ({ target }) => target.id,
  }),
  figureColumn('line', 'Line', {
    description: 'Line of the table that it came from.',
    width: 60,
    hidden: true,
    cell: ({ line }) => line ?? '',
    csv: ({ line }) => line,
  }),
  customColumn('changes', 'Before → after', {
    width: 240,
    grow: true,
    cell: (row) => <Changes row={row} />,
    csv: changeWords,
  }),
  customColumn('operation', 'Change', {
    width: 124,
    cell: (row) => <span>{changeOf(row)}</span>,
    csv: changeOf,
  }),
  customColumn('error', 'Why', {
    width: 240,
    grow: true,
    cell: ({ error, reason }) => {
      const words = error?.message ?? reason;
      return words && <span title={error ? `${words} ${error.hint}` : words}>{words}</span>;
    },
    csv: ({ error, reason }) => (error ? `${error.code}: ${error.message}` : (reason ?? '')),
  }),
  codeColumn('requestId', 'Request id', { width: 160, hidden: true }),
  customColumn('journal', 'Journal', {
    width: 66,
    cell: ({ journalId }) => (journalId === null ? null : <JournalLink journalId={journalId} />),
    csv: ({ journalId }) => journalId ?? '',
  }),
];

/** What the menu of a change offers, of a run or a plan. */
export const changeMenu: RowMenu<BulkRow> = {
  nameOf: (row) => `${changeOf(row)}, ${row.target.name}`,
  reading: ({ target, requestId, journalId }, connectionId) => {
    const path = targetPath(connectionId, target);
    return {
      path: path ?? clusterPath(connectionId, 'limits'),
      copies: { Target: target.name, 'Target id': target.id, 'Request id': requestId },
      opens: {
        'Open target': path,
        'Open journal entry': journalId === null ? null : journalPath(connectionId, journalId),
      },
    };
  },
};

export const runColumns = withRowMenu(columns, changeMenu);

/** Columns of a plan's changes, which have no result yet; its rows have their own menu. */
export const planColumns = columns
  .filter(({ id }) => ofPlans.has(id))
  .map((column) => (column.id === 'target' ? { ...column, width: 300 } : column));
