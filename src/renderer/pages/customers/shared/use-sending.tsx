import { type ReactNode, useState } from 'react';
import { TicketField } from '../../../changes/operation/confirm-fields.tsx';
import { UnlockBilling } from '../../../changes/operation/write-failure.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { isLocked } from './billing-button.tsx';

/** What a dialog asks before something is sent to a billing system. */
interface Sending {
  /** Nothing is sent until it was unlocked. */
  locked: boolean;
  /** What of it goes with the call. */
  input: { ticket?: string };
  fields: ReactNode;
}

/** Asks for a ticket and, where the billing system is locked, to unlock it, as changes of clusters do. */
export function useSending(billingId: string): Sending {
  const [ticket, setTicket] = useState('');
  const system = useCall('billing.list', {}).data?.find(({ id }) => id === billingId);
  const locked = system !== undefined && isLocked(system);
  return {
    locked,
    input: ticket.trim() === '' ? {} : { ticket: ticket.trim() },
    fields: (
      <>
        {locked && <UnlockBilling system={system} />}
        <TicketField ticket={ticket} onTicket={setTicket} keptIn="the history" />
      </>
    ),
  };
}
