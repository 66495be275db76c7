import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { CallInput } from '#shared/contract/index.ts';
import { EditLimitsDialog } from '../../changes/limits/edit-limits.tsx';
import { EditQuotaDialog } from '../../changes/limits/edit-quota.tsx';
import type { LimitTarget, QuotaTarget } from '../../changes/limits/limit-value.tsx';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import type { Call } from '../../kit/rpc/transport/transport.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { PlanModeProvider } from '../../kit/stores/plan-mode.tsx';
import { showFailure } from '../../kit/use-action.ts';
import type { PlanRow } from './plan-words.tsx';

export interface PlanEditor {
  planId: string;
  connectionId: string;
  call: Call;
}

type Edit = Omit<CallInput<'plans.editRow'>, 'connectionId' | 'planId' | 'rowId'>;

function editRow({ call, connectionId, planId }: PlanEditor, row: PlanRow, edit: Edit): void {
  void call('plans.editRow', { connectionId, planId, rowId: row.rowId ?? 0, ...edit }).catch(
    showFailure,
  );
}

const hasValue = ({ operation }: PlanRow): boolean => /^(quotas|limits)\./.test(operation);

/** Opens the dialog of a row's own operation, from the value that the plan has. */
function openValue({ planId }: PlanEditor, row: PlanRow): void {
  const {
    target,
    sizeGb = null,
    limits = {},
  } = row.input as {
    target: QuotaTarget;
    sizeGb?: string | null;
    limits?: object;
  };
  openDialog((close) => (
    <PlanModeProvider value={{ planId, rowId: row.rowId ?? 0 }}>
      {row.operation.startsWith('quotas.') ? (
        <EditQuotaDialog target={target} quota={{ set: sizeGb !== null, sizeGb }} onClose={close} />
      ) : (
        <EditLimitsDialog
          target={target as LimitTarget}
          limits={{ set: row.operation === 'limits.set', limits }}
          onClose={close}
        />
      )}
    </PlanModeProvider>
  ));
}

function CommentDialog(props: { editor: PlanEditor; row: PlanRow; onClose(): void }) {
  const { row, onClose } = props;
  const { connectionId, planId } = props.editor;
  const call = useConsole();
  const [comment, setComment] = useState(row.comment ?? '');
  const save = () =>
    call('plans.editRow', {
      connectionId,
      planId,
      rowId: row.rowId ?? 0,
      comment: comment.trim() === '' ? null : comment,
    });
  return (
    <ConfirmDialog
      verb="Save comment"
      subject=""
      title="Comment"
      onConfirm={save}
      onClose={onClose}
    >
      <Textarea
        label={`${row.title}, ${row.target.name}`}
        value={comment}
        maxLength={2000}
        autosize
        minRows={2}
        maxRows={8}
        data-autofocus
        onChange={(event) => setComment(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}

/** Returns the actions on a row of a plan; none of them sends anything to the gateway. */
export function planRowActions(editor: PlanEditor): readonly ActionEntry<PlanRow>[] {
  const { call, connectionId, planId } = editor;
  return [
    {
      id: 'plans.value',
      label: () => 'Change value',
      writes: false,
      shortcut: 'e',
      applies: hasValue,
      start: (row) => openValue(editor, row),
    },
    {
      id: 'plans.comment',
      label: ({ comment }) => (comment ? 'Edit comment' : 'Add comment'),
      writes: false,
      start: (row) =>
        openDialog((close) => <CommentDialog editor={editor} row={row} onClose={close} />),
    },
    {
      id: 'plans.accept',
      label: () => 'Use current values',
      keywords: 'accept drift rebase',
      writes: false,
      applies: ({ standing }) => standing === 'drifted',
      start: (row) => editRow(editor, row, { acceptDrift: true }),
    },
    {
      id: 'plans.up',
      label: () => 'Move up',
      writes: false,
      applies: ({ row }) => row > 1,
      start: (row) => editRow(editor, row, { place: row.row - 1 }),
    },
    {
      id: 'plans.down',
      label: () => 'Move down',
      writes: false,
      start: (row) => editRow(editor, row, { place: row.row + 1 }),
    },
    {
      id: 'plans.removeRow',
      label: () => 'Remove from plan',
      writes: false,
      start: (row) =>
        void call('plans.removeRows', { connectionId, planId, rowIds: [row.rowId ?? 0] }).catch(
          showFailure,
        ),
    },
  ];
}

/** Returns what edits the plan on screen. */
export function usePlanEditor(planId: string): PlanEditor {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  return { planId, connectionId, call };
}
