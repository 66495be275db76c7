import { SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { forGood, isHappening } from '#shared/contract/signals.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { optionsOf } from '../../kit/components/options.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { dayAgo, midnight } from '../../lists/list-page/days.ts';

export type SignalRow = CallOutput<'signals.list'>['rows'][number];

const spans = {
  ...{ 1: '1 day', 7: '1 week', 30: '30 days', 90: '90 days' },
  date: 'Until a date',
};

/**
 * Hides a signal until a day or until it becomes more severe, with the reason on record; or shows it again.
 * What happened can be hidden for good.
 */
function SnoozeDialog({ row, onClose }: { row: SignalRow; onClose(): void }) {
  const call = useConsole();
  const { signalId, snoozed, title, subject, severity, kind } = row;
  const happened = isHappening(kind);
  const [days, setDays] = useState('7');
  const [date, setDate] = useState(() => dayAgo(-14));
  const [reason, setReason] = useState('');
  const ends = endOf(days, date);
  const isLater = ends !== null && ends.getTime() > Date.now();
  const subjectWords = `${title}: ${subject.name}`;
  if (snoozed && !snoozed.overtaken) {
    const end = () => call('signals.snooze', { signalId, until: null });
    return (
      <ConfirmDialog verb="End snooze" onConfirm={end} onClose={onClose}>
        <div>{subjectWords}</div>
        <div className="oc-dimmed">
          {snoozed.by} snoozed it: {snoozed.reason}
        </div>
      </ConfirmDialog>
    );
  }
  const snooze = () =>
    call('signals.snooze', { signalId, until: ends?.toISOString() ?? '', reason, severity });
  return (
    <ConfirmDialog
      verb="Snooze signal"
      disabled={reason.trim() === '' || !isLater}
      onConfirm={snooze}
      onClose={onClose}
    >
      <div>{subjectWords}</div>
      <TextInput
        label="Reason"
        description="Kept in the journal with your name."
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        data-autofocus
      />
      <SegmentedControl
        aria-label="For how long"
        value={days}
        onChange={setDays}
        data={optionsOf({ ...spans, ...(happened ? { good: 'For good' } : {}) })}
      />
      {days === 'date' && (
        <TextInput
          label="Until"
          description="Ends at 00:00 local time"
          type="date"
          required
          value={date}
          error={isLater ? null : 'Enter a day in the future.'}
          onChange={(event) => setDate(event.currentTarget.value)}
        />
      )}
      <div className="oc-caption">
        It comes back earlier if it {happened ? 'happens again' : 'becomes more severe'}.
      </div>
    </ConfirmDialog>
  );
}

/** When a snooze ends: after some days, at midnight of a date, or never; null for an invalid date. */
function endOf(days: string, date: string): Date | null {
  if (days === 'good') return new Date(forGood);
  return days === 'date' ? midnight(date) : new Date(Date.now() + Number(days) * 86_400_000);
}

export function openSnooze(row: SignalRow): void {
  openDialog((close) => <SnoozeDialog row={row} onClose={close} />);
}
