import { CopyButton } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { AppErrorData } from '#shared/errors.ts';
import { QuietButton, SmallButton } from './buttons.ts';
import classes from './error-panel.module.css';

/** What {@link ErrorPanel} shows: an `AppError`, or one as data from inside a value. */
export type ShownError = Omit<AppErrorData, 'requestId' | 'status' | 'details'> & {
  requestId?: string | undefined;
  status?: number | undefined;
  details?: Record<string, unknown> | undefined;
};

/** An error as text, for a ticket: message, hint, code, status, request id. Holds no secret. */
function errorDetails(error: ShownError): string {
  return [
    error.message,
    error.hint,
    `code: ${error.code}`,
    error.status === undefined ? null : `gateway status: ${error.status}`,
    error.requestId === undefined ? null : `request id: ${error.requestId}`,
    `time: ${new Date().toISOString()}`,
  ]
    .filter((line) => line !== null)
    .join('\n');
}

/**
 * Shows what happened, what to do, the request id, "copy details". For a part that failed; the rest of the
 * page stays usable.
 * @param props.error what was thrown
 * @param props.onRetry offered as "Try again" where given
 * @param props.title names what failed when several things are on the page
 * @param props.compact one line and its hint, for dialogs and panels
 */
export function ErrorPanel(props: {
  error: ShownError;
  onRetry?: () => void;
  title?: string;
  compact?: boolean;
  children?: ReactNode;
}) {
  const { error, onRetry, title, compact } = props;
  return (
    <div className={classes.root} role="alert" data-compact={compact || undefined}>
      <IconAlertTriangle size={compact ? 16 : 20} className={classes.icon} aria-hidden />
      <div className={classes.body}>
        {title && <div className="oc-strong">{title}</div>}
        <div className={title ? undefined : 'oc-strong'}>{error.message}</div>
        <div className="oc-dimmed">{error.hint}</div>
        <div className="oc-caption">
          <span className="oc-mono">{error.code}</span>
          {error.status !== undefined && ` · status ${error.status}`}
          {error.requestId !== undefined && (
            <>
              {' · request id '}
              <span className="oc-mono">{error.requestId}</span>
            </>
          )}
        </div>
        {props.children}
        <div className={classes.actions}>
          {onRetry && (
            <SmallButton leftSection={<IconRefresh size={14} />} onClick={onRetry}>
              Try again
            </SmallButton>
          )}
          <CopyButton value={errorDetails(error)}>
            {({ copied, copy }) => (
              <QuietButton
                leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                onClick={copy}
              >
                {copied ? 'Copied' : 'Copy details'}
              </QuietButton>
            )}
          </CopyButton>
        </div>
      </div>
    </div>
  );
}

/** Says that a call failed, and makes it again on request; nothing where it did not fail. */
export function CallError(props: {
  call: { error: ShownError | null; refetch(): Promise<unknown> };
  title?: string;
  compact?: boolean;
}) {
  const { call, ...look } = props;
  if (!call.error) return null;
  return <ErrorPanel error={call.error} onRetry={() => void call.refetch()} {...look} />;
}
