import { ActionIcon, Button, Collapse, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconFileUpload, IconUnlink } from '@tabler/icons-react';
import { useState } from 'react';
import { UserDetail } from '../../changes/users/user-detail.tsx';
import { ActingCluster } from '../../kit/components/acting-cluster.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { EnvironmentBadge } from '../../kit/components/environment-badge.tsx';
import { UserStateBadge } from '../../kit/components/state-badge.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import type { Customer } from './columns.tsx';
import classes from './customers.module.css';
import { WriteBackDialog } from './write-back-dialog.tsx';

type User = Customer['users'][number];

/**
 * A user of a customer, on whichever cluster: opened, everything that can be seen of it and done to it
 * there.
 * @param props.plan the plan in force and its version, as text; null while it is not known
 * @param props.alone whether it is the customer's only one, which is open from the start
 */
export function MappedUser(props: {
  customer: Customer;
  user: User;
  plan: string | null;
  alone: boolean;
}) {
  const { customer, user } = props;
  const [open, setOpen] = useState(props.alone);
  const [unmapping, setUnmapping] = useState(false);
  const [writing, setWriting] = useState(false);
  const system = useCall('billing.list', {}).data?.find(({ id }) => id === customer.billingId);
  const connections = useCall('connections.list', {}).data;
  const connection = connections?.find(({ id }) => id === user.connectionId);
  const name = user.email || user.userId;
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <div className={classes.user}>
      <div className={classes.userHead}>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          aria-expanded={open}
          leftSection={<Chevron size={14} />}
          onClick={() => setOpen(!open)}
        >
          <span className="oc-truncate">{name}</span>
        </Button>
        <span className={classes.userFacts}>
          {props.plan !== null && <span>{props.plan}</span>}
          {user.state !== null && <UserStateBadge state={user.state} />}
          {connection ? (
            <>
              <span>{connection.name}</span>
              <EnvironmentBadge environment={connection.environment} />
            </>
          ) : (
            <span className="oc-dimmed">cluster no longer connected</span>
          )}
        </span>
        {connection && system?.capabilities.includes('notes') && !system.readOnly && (
          <Tooltip label="Write back to WHMCS">
            <ActionIcon aria-label={`Write ${name} back to WHMCS`} onClick={() => setWriting(true)}>
              <IconFileUpload size={15} />
            </ActionIcon>
          </Tooltip>
        )}
        <Tooltip label="Unmap user">
          <ActionIcon aria-label={`Unmap ${name}`} onClick={() => setUnmapping(true)}>
            <IconUnlink size={15} />
          </ActionIcon>
        </Tooltip>
      </div>
      {connection && (
        <Collapse expanded={open}>
          {open && (
            <ActingCluster connection={connection}>
              <UserDetail userId={user.userId} />
            </ActingCluster>
          )}
        </Collapse>
      )}
      {writing && (
        <WriteBackDialog customer={customer} user={user} onClose={() => setWriting(false)} />
      )}
      {unmapping && (
        <UnmapDialog customer={customer} user={user} onClose={() => setUnmapping(false)} />
      )}
    </div>
  );
}

function UnmapDialog(props: { customer: Customer; user: User; onClose(): void }) {
  const { customer, user, onClose } = props;
  const call = useConsole();
  const { connectionId, userId, serviceId } = user;
  const { customerId } = customer;
  return (
    <ConfirmDialog
      verb="Unmap user"
      subject={user.email ?? userId}
      onClose={onClose}
      onConfirm={() =>
        call('customers.unmap', {
          customerId,
          connectionId,
          userId,
          ...(serviceId === null ? {} : { serviceId }),
        })
      }
    >
      <p className={classes.paragraph}>
        The user no longer belongs to <b>{customer.company || customer.name}</b>. Nothing changes on
        the cluster or in the billing system; who mapped it, and when, stays on record.
      </p>
    </ConfirmDialog>
  );
}
