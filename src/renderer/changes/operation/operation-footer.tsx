import { Button, Tooltip } from '@mantine/core';
import { useDelayed } from '../../kit/components/use-delayed.ts';
import classes from './operation.module.css';

/** The dialog's buttons: the way out, and the verb. What destroys is red and never has the focus. */
export function OperationFooter(props: {
  verb: string;
  destructive: boolean;
  ready: boolean;
  sending: boolean;
  ended: boolean;
  /** Whether a form above has the focus first. */
  hasForm: boolean;
  /** Why nothing can be written now; null where it can. */
  reason: string | null;
  onCancel(): void;
  onSend(): void;
}) {
  const { verb, destructive, ready, sending, ended, reason } = props;
  const slow = useDelayed(sending, 1500);
  return (
    <div className={classes.footer}>
      <span className={classes.footerWords} role="status">
        {slow ? 'Sent; reading back whether it happened.' : (reason ?? '')}
      </span>
      <Button
        variant="default"
        onClick={props.onCancel}
        disabled={sending}
        {...(props.hasForm ? {} : { 'data-autofocus': true })}
      >
        {ended ? 'Close' : 'Cancel'}
      </Button>
      {!ended && (
        <Tooltip label={reason} disabled={reason === null}>
          <Button
            type={destructive ? 'button' : 'submit'}
            loading={sending}
            disabled={!ready && !sending}
            {...(destructive
              ? { color: 'var(--oc-bad)', c: 'var(--mantine-color-body)', onClick: props.onSend }
              : {})}
          >
            {verb}
          </Button>
        </Tooltip>
      )}
    </div>
  );
}
