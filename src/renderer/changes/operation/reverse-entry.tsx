import { Modal } from '@mantine/core';
import type { CallOutput } from '#shared/contract/index.ts';
import { type FieldName, fieldNames } from '#shared/operation-fields.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { Note } from '../../kit/components/note.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import type { DialogSubject } from './dialog-target.tsx';
import { type FieldChange, fieldText } from './field-words.tsx';
import { OperationDialog } from './operation-dialog.tsx';
import type { OperationPreview } from './use-preview.ts';

export type JournalRow = CallOutput<'journal.list'>['rows'][number];

/** An entry that can be brought back. */
type Reversible = JournalRow & { inverse: NonNullable<JournalRow['inverse']> };

export function isReversible(row: JournalRow): row is Reversible {
  return row.inverse !== undefined && row.run === undefined;
}

/**
 * Returns what an entry says was before and was to be after, field by field, in the order of the
 * description.
 */
export function entryChanges({
  before,
  after,
}: Pick<JournalRow, 'before' | 'after'>): FieldChange[] {
  const names = Object.keys(fieldNames) as FieldName[];
  return names
    .filter((field) => before[field] !== undefined || after[field] !== undefined)
    .map((field) => {
      const from = before[field] ?? null;
      const to = after[field] === undefined ? from : after[field];
      return { field, ...fieldNames[field], before: from, after: to, changed: from !== to };
    });
}

/** The changed fields in one line: `Quota: not set → 500 GB`. */
export function changeWords(row: Pick<JournalRow, 'before' | 'after'>): string {
  return entryChanges(row)
    .filter(({ changed }) => changed)
    .map(
      (change) =>
        `${change.label}: ${fieldText(change, change.before, 'before')} → ${fieldText(change, change.after, 'after')}`,
    )
    .join('; ');
}

/** Fields to be changed that are not what the entry left: somebody changed them since. */
function changedSince(entry: JournalRow, { fields }: OperationPreview): string[] {
  return entryChanges(entry).flatMap((change) => {
    const now = fields.find(({ field }) => field === change.field);
    if (!(change.changed || now?.changed) || !now || now.before === change.after) return [];
    return [
      `${change.label} is ${fieldText(change, now.before, 'before')}; the entry left ${fieldText(change, change.after, 'after')}.`,
    ];
  });
}

function Lead({ entry, preview }: { entry: JournalRow; preview: OperationPreview }) {
  const { endpoint } = useCluster();
  const since = preview.unchanged ? [] : changedSince(entry, preview);
  return (
    <>
      <div className="oc-dimmed">
        Reverses “{entry.title}” of <Time value={entry.at} /> by {entry.operator}:{' '}
        {changeWords(entry)}
      </div>
      {entry.endpoint !== endpoint && (
        <Note tone="warning" role="alert">
          The entry was made at {entry.endpoint}; this connection now points to {endpoint}. Reverse
          it only if that is the same cluster.
        </Note>
      )}
      {since.length > 0 && (
        <Note tone="warning" role="alert" title="Changed again since this entry">
          {since.map((words) => (
            <div key={words}>{words}</div>
          ))}
        </Note>
      )}
    </>
  );
}

function ReverseDialog({ entry, onClose }: { entry: Reversible; onClose(): void }) {
  const { inverse, target } = entry;
  return (
    <OperationDialog
      operation={inverse.operation}
      input={inverse.input as never}
      subject={target as DialogSubject}
      onClose={onClose}
      lead={(preview) => <Lead entry={entry} preview={preview} />}
    />
  );
}

/** Opens the dialog that brings the values before an entry back: previewed as any other change. */
export function openReverseEntry(entry: Reversible): void {
  openDialog((close) => <ReverseDialog entry={entry} onClose={close} />);
}

/** Brings back what a write of a moment ago changed, known by its journal entry alone. */
export function UndoDialog({ journalId, onClose }: { journalId: string; onClose(): void }) {
  const { id: connectionId } = useCluster();
  const filter = { journalId };
  const { data, error, refetch } = useCall('journal.list', { connectionId, filter, limit: 1 });
  const entry = data?.rows[0];
  if (entry && isReversible(entry)) return <ReverseDialog entry={entry} onClose={onClose} />;
  if (!data && !error) return null;
  return (
    <Modal opened onClose={onClose} title="Undo" size={520} returnFocus={false}>
      {error ? (
        <ErrorPanel error={error} compact onRetry={() => void refetch()} />
      ) : (
        'Nothing brings this change back; its journal entry says what was before.'
      )}
    </Modal>
  );
}
