import { ActionIcon, Button, Collapse, Modal, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconFileUpload, IconUnlink } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { UserDetail } from '../../changes/users/user-detail.tsx';
import { ActingCluster } from '../../kit/components/acting-cluster.tsx';
import { QuietButton, SecondaryButton, TinyButton } from '../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { EnvironmentBadge } from '../../kit/components/environment-badge.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { StateBadge, UserStateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { useOfferOnScreen } from '../../kit/stores/on-screen.ts';
import { useAction } from '../../kit/use-action.ts';
import { UnmapDialog } from './map-dialogs.tsx';
import {
  isWritable,
  WriteBackFields,
  type WriteBackValue,
} from './onboarding/write-back-fields.tsx';
import { type Customer, serviceWords } from './shared/columns.tsx';
import classes from './shared/customers.module.css';
import { HandoverFields, monthBegins, useHandover } from './shared/handover.tsx';
import { useSending } from './shared/use-sending.tsx';

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
  const service = serviceOf(user, customer);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <div className={classes.user}>
      <div className={classes.userHead}>
        {user.gone ? (
          <span className={`oc-truncate ${classes.userName}`} title={user.userId}>
            {name}
          </span>
        ) : (
          <QuietButton
            aria-expanded={open}
            leftSection={<Chevron size={14} />}
            onClick={() => setOpen(!open)}
          >
            <span className={`oc-truncate ${classes.userName}`}>{name}</span>
          </QuietButton>
        )}
        <span className={classes.userTools}>
          {connection && !user.gone && system && isWritable(system) && (
            <Tooltip label="Write to WHMCS">
              <ActionIcon aria-label={`Write ${name} to WHMCS`} onClick={() => setWriting(true)}>
                <IconFileUpload size={15} />
              </ActionIcon>
            </Tooltip>
          )}
          <Tooltip label="Unmap user">
            <ActionIcon aria-label={`Unmap ${name}`} onClick={() => setUnmapping(true)}>
              <IconUnlink size={15} />
            </ActionIcon>
          </Tooltip>
        </span>
      </div>
      <div className={classes.userFacts}>
        {user.state !== null && <UserStateBadge state={user.state} />}
        {user.deletedAt !== undefined ? (
          <span>
            deleted here on <Time value={user.deletedAt} />
          </span>
        ) : (
          user.gone && <StateBadge tone="idle">No longer on the cluster</StateBadge>
        )}
        {connection ? (
          <>
            <span>{connection.name}</span>
            <EnvironmentBadge environment={connection.environment} />
          </>
        ) : (
          <span className="oc-dimmed">cluster no longer connected</span>
        )}
        {service !== null && <span>{service}</span>}
        {props.plan !== null && <span className="oc-dimmed">{props.plan}</span>}
      </div>
      {user.alsoOf.length > 0 && (
        <div className={classes.userPlan}>
          <StateBadge tone="warning">
            {`Also mapped to ${user.alsoOf.map((other) => other.name).join(', ')}`}
          </StateBadge>{' '}
          No statement with this user is final until it has one customer.
        </div>
      )}
      {user.before && <HandedOver customer={customer} user={user} before={user.before} />}
      {connection && !user.gone && (
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
        <UnmapDialog
          customer={{ customerId: customer.customerId, name: customer.company || customer.name }}
          user={user}
          onClose={() => setUnmapping(false)}
        />
      )}
    </div>
  );
}

/** Of which service a user is; null where that goes without saying. */
function serviceOf({ serviceId }: User, { serviceList }: Customer): string | null {
  const service = serviceList.find((one) => one.serviceId === serviceId);
  if (service) return serviceWords(service);
  return serviceList.length > 1 ? 'Of no particular service' : null;
}

/** The previous customer of a user, and since when this one has it; editable. */
function HandedOver(props: {
  customer: Customer;
  user: User;
  before: NonNullable<User['before']>;
}) {
  const { customer, user, before } = props;
  const name = user.email || user.userId;
  const label = `Change since when ${name} belongs to this customer`;
  const change = () =>
    openDialog((close) => <HandoverDialog {...{ customer, user, before }} onClose={close} />);
  useOfferOnScreen(() => [{ id: label, label, reason: null, start: change }]);
  return (
    <div className={classes.userPlan}>
      {before.since === null ? (
        <StateBadge tone="warning">{`Belonged to ${before.name}, until when is not known`}</StateBadge>
      ) : (
        <>
          Since <Time value={before.since} />, before of {before.name}
        </>
      )}{' '}
      <TinyButton aria-label={label} onClick={change}>
        Change
      </TinyButton>
    </div>
  );
}

function HandoverDialog(props: {
  customer: Customer;
  user: User;
  before: NonNullable<User['before']>;
  onClose(): void;
}) {
  const { customer, user, before, onClose } = props;
  const { connectionId, userId } = user;
  const target = { customerId: customer.customerId, connectionId, userId };
  const first = before.since?.slice(0, 16) ?? monthBegins(new Date());
  const handover = useHandover(target, first);
  return (
    <ConfirmDialog
      verb="Hand over"
      subject={user.email || userId}
      width={560}
      disabled={!handover.isReady || !handover.preview.data}
      onConfirm={handover.apply}
      onClose={onClose}
    >
      <HandoverFields handover={handover} customer={customer.company || customer.name} />
    </ConfirmDialog>
  );
}

type Result = CallOutput<'onboarding.writeBack'>;

const words: Record<NonNullable<Result['field']>, string> = {
  written: 'written',
  unchanged: 'already there, not written again',
  unknown: 'sent, but not confirmed: look in WHMCS',
  failed: 'not written',
};

/** Writes a mapped user's id, and a note where asked, to the billing system; shows each result. */
function WriteBackDialog(props: {
  customer: Customer;
  user: Customer['users'][number];
  onClose(): void;
}) {
  const { customer, user, onClose } = props;
  const { connectionId, userId, serviceId } = user;
  const call = useConsole();
  const sending = useSending(customer.billingId);
  const [value, setValue] = useState<WriteBackValue>({});
  const { running, error, run } = useAction();
  const [result, setResult] = useState<Result | null>(null);
  const isNothing = value.place === undefined && value.note !== true;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setResult(null);
    await run(async () => {
      const { customerId } = customer;
      const of = { customerId, connectionId, userId, ...(serviceId === null ? {} : { serviceId }) };
      setResult(await call('onboarding.writeBack', { ...value, ...of, ...sending.input }));
    });
  };
  return (
    <Modal opened size={560} onClose={onClose} title={`Write ${user.email || userId} to WHMCS`}>
      <form className="oc-form" onSubmit={(event) => void submit(event)}>
        {serviceId === null && (
          <p className="oc-flush">
            The user is mapped to the customer, not to a service: only a note can be written.
          </p>
        )}
        <WriteBackFields value={value} onChange={setValue} />
        {sending.fields}
        {error && <ErrorPanel error={error} compact />}
        {result && (
          <div role="status">
            {result.field && <div>User id: {words[result.field]}.</div>}
            {result.note && <div>Note: {words[result.note]}.</div>}
            {result.problems.map((problem) => (
              <div key={problem}>{problem}</div>
            ))}
          </div>
        )}
        <div className="oc-buttons">
          <SecondaryButton onClick={onClose}>{result ? 'Close' : 'Cancel'}</SecondaryButton>
          <Button type="submit" disabled={isNothing || sending.locked} loading={running}>
            Write to WHMCS
          </Button>
        </div>
      </form>
    </Modal>
  );
}
