import { useId } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { useCall } from '../../../kit/rpc/use-call.ts';

type Billing = CallOutput<'billing.list'>[number];
type Sent = Extract<Billing['capabilities'][number], 'drafts' | 'items' | 'usage'>;

const sentWords: Record<Sent, string> = {
  drafts: 'invoices',
  items: 'billable items',
  usage: 'usage figures',
};

/** Whether a billing system takes changes: one that is locked is unlocked where they are made. */
export const takesChanges = ({ hold }: Pick<Billing, 'hold'>): boolean =>
  !hold || isLocked({ hold });

export const isLocked = ({ hold }: Pick<Billing, 'hold'>): boolean =>
  hold?.code === 'CONNECTION_LOCKED';

/** Returns why none of these billing systems takes what the console sends; null where one does. */
export function billingRefusal(systems: readonly Billing[], sent: Sent): string | null {
  const able = systems.filter(({ capabilities }) => capabilities.includes(sent));
  const [only, ...others] = systems;
  if (!only || able.some(takesChanges)) return null;
  if (able[0]?.hold) return able[0].hold.message;
  const words = sentWords[sent];
  const none = others.length > 0 ? 'None of your billing systems takes' : `${only.name} takes no`;
  const instead = sent === 'drafts' ? ' Export the statements instead.' : '';
  return `${none} ${words} from the console.${instead}`;
}

/** Begins to send something to a billing system; says why not where it takes none, or none now. */
export function BillingButton(props: {
  billingId: string;
  sends: Sent;
  label: string;
  disabled?: boolean;
  /** Why it can't be sent, whatever the billing system takes. */
  refusal?: string | null;
  onClick(): void;
}) {
  const { billingId, sends, label } = props;
  const reasonId = useId();
  const systems = useCall('billing.list', {}).data;
  const system = systems?.find(({ id }) => id === billingId);
  if (!systems) return null;
  const refusal =
    (system ? billingRefusal([system], sends) : 'Its billing system is no longer connected.') ??
    props.refusal ??
    null;
  return (
    <>
      {system?.capabilities.includes(sends) && (
        <SmallButton
          disabled={refusal !== null || props.disabled === true}
          aria-describedby={refusal === null ? undefined : reasonId}
          onClick={props.onClick}
        >
          {label}
        </SmallButton>
      )}
      {refusal !== null && (
        <span id={reasonId} className="oc-dimmed">
          {refusal}
        </span>
      )}
    </>
  );
}
