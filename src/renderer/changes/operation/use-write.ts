import { useEffect, useRef, useState } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useRecentWrites, writeKey } from '../../kit/stores/recent-writes.ts';
import { offerFoundPair } from './found-pair.tsx';
import { tellOutcome, tellRefused } from './outcome-toast.tsx';
import type { OperationName, OperationPreview, OwnInput } from './use-preview.ts';

/** What a later reading of a write that was sent, not confirmed, showed. */
type Recheck = CallOutput<'operations.recheck'>;

/** Where a write is between the preview and its end. A secret in `value` lives no longer than this. */
export type WritePhase<Value> =
  | { is: 'asking' }
  | { is: 'sending' }
  | { is: 'failed'; error: AppError }
  | {
      is: 'unconfirmed';
      journalId: string;
      error: AppError | null;
      value: Value | null;
      recheck: Recheck | null;
      recheckError: AppError | null;
      rechecking: boolean;
    }
  | { is: 'done'; value: Value };

export interface ChangedRow {
  kind: string;
  id: string;
}

/** What is handed over with a write in addition to the operation's input. */
export interface Confirmation {
  ticket: string;
  typedName: string;
}

/** Sends a write by another call, whose value says as much of it. */
export type SendThrough<Name extends OperationName> = (
  whole: CallInput<Name>,
) => Promise<WriteOutcome>;

interface WriteOptions<Name extends OperationName> {
  operation: Name;
  input: OwnInput<Name> | null;
  rowOf: ((value: CallOutput<Name>) => ChangedRow) | undefined;
  through: SendThrough<Name> | undefined;
  /** Whether the value is shown in the dialog (a new secret) instead of closing it. */
  showsValue: boolean;
  onClose(): void;
}

type WriteOutcome = Pick<
  CallOutput<OperationName>,
  'verified' | 'sent' | 'journalId' | 'reversible'
>;

function journalIdOf(error: AppError): string | null {
  const { journalId } = error.details ?? {};
  return typeof journalId === 'string' ? journalId : null;
}

/** Whether the gateway may have acted: then only reading continues, nothing is sent again. */
function mayHaveHappened(error: AppError): boolean {
  return error.details?.outcome === 'unknown' || error.code === 'WRITE_NOT_CONFIRMED';
}

/** Notes in the list how a write to a row ended. */
function useMark() {
  const { id: connectionId } = useCluster();
  const note = useRecentWrites((writes) => writes.note);
  return (
    title: string,
    { kind, id }: ChangedRow,
    result: 'verified' | 'sent',
    journalId: string,
  ) =>
    note(writeKey(connectionId, kind === 'account' ? 'user' : kind, id), {
      title,
      result,
      journalId,
      at: Date.now(),
    });
}

/** False once the dialog is gone. */
function useAlive() {
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);
  return alive;
}

function unconfirmed<Value>(
  journalId: string,
  error: AppError | null,
  value: Value | null,
): Extract<WritePhase<Value>, { is: 'unconfirmed' }> {
  const notYet = { recheck: null, recheckError: null, rechecking: false };
  return { is: 'unconfirmed', journalId, error, value, ...notYet };
}

/** The call's whole input: the operation's own, and what the operator confirmed. */
function wholeInput<Name extends OperationName>(
  own: OwnInput<Name> | null,
  connectionId: string,
  { fingerprint, needsTypedName }: OperationPreview,
  { ticket, typedName }: Confirmation,
): CallInput<Name> {
  return {
    ...own,
    connectionId,
    expected: fingerprint,
    ...(ticket.trim() === '' ? {} : { ticket: ticket.trim() }),
    ...(needsTypedName === null ? {} : { typedName }),
  } as unknown as CallInput<Name>;
}

/**
 * Sends a previewed operation once and follows it to its end: verified, sent but not confirmed (with
 * retry of the reading alone), or refused. The value goes into no cache: it may hold a secret.
 */
export function useWrite<Name extends OperationName>(options: WriteOptions<Name>) {
  type Value = CallOutput<Name>;
  const { operation, input, showsValue, onClose } = options;
  const call = useConsole();
  const connection = useCluster();
  const { id: connectionId } = connection;
  const mark = useMark();
  const alive = useAlive();
  const [phase, setPhase] = useState<WritePhase<Value>>({ is: 'asking' });
  const end = (value: Value | null) =>
    showsValue && value !== null ? setPhase({ is: 'done', value }) : onClose();
  const tell = ({ title, target }: OperationPreview, outcome: WriteOutcome) =>
    tellOutcome({ connection, title, name: target.name, ...outcome });

  const send = async (preview: OperationPreview, confirmation: Confirmation) => {
    setPhase({ is: 'sending' });
    try {
      const whole = wholeInput(input, connectionId, preview, confirmation);
      const value = options.through
        ? ((await options.through(whole)) as Value)
        : await call(operation, whole);
      const { verified, sent, journalId, reversible } = value;
      const row = options.rowOf?.(value) ?? preview.target;
      if (sent) mark(preview.title, row, verified ? 'verified' : 'sent', journalId);
      tell(preview, { verified, sent, journalId, reversible });
      if (verified) end(value);
      else setPhase(unconfirmed(journalId, null, value));
    } catch (thrown) {
      const error = toAppError(thrown);
      if (!alive.current) return tellRefused(preview, error);
      const journalId = journalIdOf(error);
      if (journalId === null || !mayHaveHappened(error)) return setPhase({ is: 'failed', error });
      mark(preview.title, preview.target, 'sent', journalId);
      setPhase(unconfirmed<Value>(journalId, error, null));
    }
  };

  const recheck = async (preview: OperationPreview) => {
    if (phase.is !== 'unconfirmed') return;
    const { journalId, value } = phase;
    setPhase({ ...phase, rechecking: true, recheckError: null });
    try {
      const found = await call('operations.recheck', { connectionId, journalId });
      if (!found.verified) return setPhase({ ...phase, recheck: found, rechecking: false });
      mark(preview.title, preview.target, 'verified', journalId);
      tell(preview, { verified: true, sent: true, journalId });
      end(value);
      if (value === null) offerFoundPair(found, preview.target.name);
    } catch (thrown) {
      setPhase({ ...phase, recheckError: toAppError(thrown), rechecking: false });
    }
  };

  return { phase, send, recheck, askAgain: () => setPhase({ is: 'asking' }) };
}
