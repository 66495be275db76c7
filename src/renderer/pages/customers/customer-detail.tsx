import { Select } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { endedStates } from '#shared/service-states.ts';
import { whmcsPages } from '#shared/whmcs-links.ts';
import { CreateUserButton, type NewUserOf } from '../../changes/users/create-user.tsx';
import { offboardingPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { GuardedButton } from '../../kit/components/guarded-button.tsx';
import { PlainTable } from '../../kit/components/plain-table.tsx';
import { Time } from '../../kit/components/time.tsx';
import detail from '../../kit/detail/detail.module.css';
import { DetailSection, Fact, Facts } from '../../kit/detail/detail.tsx';
import { DetailActions } from '../../kit/detail/detail-actions.tsx';
import { DetailInstead } from '../../kit/detail/detail-page.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { CustomerBills } from './bills/customer-bills.tsx';
import { customerActions, OpenCancellations } from './cancel-customer.tsx';
import { CustomerHistory } from './customer-history.tsx';
import { LeftToDo, useEndedCancellation } from './left-to-do.tsx';
import { MapUserDialog } from './map-dialogs.tsx';
import { MappedUser } from './mapped-user.tsx';
import { PlanDifferences } from './plans/drift-actions.tsx';
import { SendUsageButton } from './send-usage.tsx';
import { useUnread } from './shared/billing-freshness.tsx';
import {
  BillingState,
  type Customer,
  CustomerState,
  dueColumns,
  serviceWords,
  usersThere,
} from './shared/columns.tsx';
import classes from './shared/customers.module.css';
import { WhmcsLink } from './shared/whmcs-link.tsx';

/** The details of a customer: facts, services, and the users on every cluster with their actions. */
export function CustomerDetail({ customerId }: { customerId: string }) {
  const query = useCall('customers.get', { customerId });
  if (!query.data || query.error?.code === 'NOT_FOUND') {
    return <DetailInstead query={query} what="customer" name={customerId} />;
  }
  return <Sections customer={query.data} />;
}

function Sections({ customer }: { customer: Customer }) {
  const [mapping, setMapping] = useState(false);
  const { name, company, email, ownerEmail, externalId, users } = customer;
  const cluster = useCluster();
  const ended = useEndedCancellation(customer.customerId, customer.cancelledAt !== undefined);
  const plans = useCall('servicePlans.ofCustomer', { customerId: customer.customerId }).data;
  const billing = useCall('billing.list', {}).data;
  const system = billing?.find(({ id }) => id === customer.billingId);
  return (
    <article>
      <header className={detail.head}>
        <div className={detail.headTop}>
          <h2 className={detail.name}>{company || name}</h2>
          <div className={detail.actions}>
            <CreateUserButton of={newUserOf(customer)} />
            <SmallButton leftSection={<IconUserPlus size={14} />} onClick={() => setMapping(true)}>
              Map user
            </SmallButton>
            <DetailActions
              actions={customerActions}
              subject={customer}
              called={{ noun: 'customer', name: company || name }}
            />
          </div>
        </div>
        <div className={detail.facts}>
          <CustomerState {...customer} />
          {customer.cancelledAt !== undefined && (
            <span>
              <Time value={customer.cancelledAt} />, {customer.status.toLowerCase()} in the billing
              system
            </span>
          )}
          {ended && (
            <Link to={offboardingPath(cluster.id, ended.offboardingId)}>Open its cancellation</Link>
          )}
          <span>{email}</span>
        </div>
        <div className="oc-caption">
          From {system?.name ?? 'removed connection'}
          {customer.asOf !== null && (
            <>
              , read <Time value={customer.asOf} as="age" />
            </>
          )}
          {system?.problem && `. Last refresh failed: ${system.problem.message}`}
        </div>
      </header>
      <OpenCancellations customerId={customer.customerId} />
      {ended && <LeftToDo of={ended} />}
      <DetailSection title="Customer">
        <Facts>
          <Fact name="Contact">{name}</Fact>
          <Fact name="Client id">
            <WhmcsLink
              billingId={customer.billingId}
              page={(area) => whmcsPages.client(area, externalId)}
              label={`Client ${externalId} in WHMCS`}
            >
              <span className="oc-mono">{externalId}</span>
            </WhmcsLink>
          </Fact>
          <Fact name="Owner’s e-mail">{ownerEmail ?? 'Not known'}</Fact>
          <Fact name="Currency">
            <Currency customer={customer} />
          </Fact>
        </Facts>
      </DetailSection>
      <DetailSection
        title="Services"
        aside={
          customer.services === null
            ? undefined
            : formatCounted(customer.serviceList.length, 'service')
        }
      >
        <Services customer={customer} plans={plans} />
        <div className={`oc-wrap-row ${classes.below}`}>
          <SendUsageButton customer={customer} />
        </div>
      </DetailSection>
      <DetailSection title="S3 users" aside={usersWords(users)}>
        {users.length === 0 && (
          <p className="oc-dimmed">
            No user is mapped. Create one, map one that is there, or see Mismatches on the Customers
            page for users with the same e-mail.
          </p>
        )}
        {users.map((user) => (
          <MappedUser
            key={`${user.connectionId}/${user.userId}/${user.serviceId}`}
            customer={customer}
            user={user}
            plan={planOf(plans?.users, (of) => isSameUser(of, user))}
            alone={users.length === 1}
          />
        ))}
      </DetailSection>
      <CustomerBills customer={customer} />
      <DetailSection title="Customer history">
        <CustomerHistory customerId={customer.customerId} />
      </DetailSection>
      {mapping && <MapUserDialog customer={customer} onClose={() => setMapping(false)} />}
    </article>
  );
}

/** `2 users`, and how many more were deleted. */
function usersWords(users: Customer['users']): string {
  const there = formatCounted(usersThere(users).length, 'user');
  const deleted = users.length - usersThere(users).length;
  return deleted === 0 ? there : `${there}, ${formatCount(deleted)} deleted`;
}

/** The customer's currency; read from WHMCS where its list of customers omits it. */
function Currency({ customer }: { customer: Customer }) {
  const { customerId, billingId, currency, gone } = customer;
  const kind = useCall('billing.list', {}).data?.find(({ id }) => id === billingId)?.kind;
  const asks = currency === null && kind === 'whmcs' && !gone;
  const query = useCall('customers.readDetails', { customerId }, { enabled: asks });
  if (currency !== null) return currency;
  if (kind === 'file') return 'Not known: add a column “currency” to the table of customers';
  if (asks && query.isFetching) return <span className="oc-dimmed">Asking WHMCS…</span>;
  return query.error ? `Not known: ${query.error.message}` : 'Not known';
}

/** Initial values for a new user of a customer: e-mail, and the only open service without a user. */
function newUserOf({ customerId, company, name, email, serviceList, users }: Customer): NewUserOf {
  const taken = new Set(users.map(({ serviceId }) => serviceId));
  const open = serviceList.filter(({ gone, status }) => !gone && !endedStates.has(status));
  const [only, second] = open.filter(({ serviceId }) => !taken.has(serviceId));
  return {
    ...{ customerId, name: company || name, email },
    services: open.map((service) => ({ value: service.serviceId, label: serviceWords(service) })),
    serviceId: only && !second ? only.serviceId : null,
  };
}

type Plans = CallOutput<'servicePlans.ofCustomer'>;
type Plan = Plans['users'][number]['plan'];

function isSameUser(
  one: { connectionId: string; userId: string },
  other: { connectionId: string; userId: string },
): boolean {
  return one.connectionId === other.connectionId && one.userId === other.userId;
}

/** Returns the plan in force, as text: `Gold, version 2`; null while it is not known. */
function planOf<Row extends { plan: Plan }>(
  rows: readonly Row[] | undefined,
  isIt: (row: Row) => boolean,
): string | null {
  if (rows === undefined) return null;
  const plan = rows.find(isIt)?.plan;
  return plan ? `${plan.name}, version ${plan.version}` : 'No plan';
}

type Service = Customer['serviceList'][number];

const noUserLeft = 'Cancelled here: no user is left that a plan applies to.';

function Services({ customer, plans }: { customer: Customer; plans: Plans | undefined }) {
  const [assigned, setAssigned] = useState(false);
  const [assigning, setAssigning] = useState<Service | null>(null);
  const unread = useUnread();
  if (customer.services === null) return <p className="oc-dimmed">Not read yet. {unread}</p>;
  if (customer.serviceList.length === 0) {
    return <p className="oc-dimmed">The billing system lists no service of this customer.</p>;
  }
  return (
    <>
      <PlainTable
        rows={customer.serviceList}
        rowKey={({ serviceId }) => serviceId}
        columns={[
          [
            'Product',
            (service) => (
              <>
                <span title={`Product id ${service.productId}`}>{service.productName}</span>{' '}
                <WhmcsLink
                  billingId={customer.billingId}
                  page={(area) => whmcsPages.service(area, customer.externalId, service.externalId)}
                  label={`Service ${service.externalId} in WHMCS`}
                >
                  <span className="oc-dimmed">#{service.externalId}</span>
                </WhmcsLink>
                {plans && (
                  <div className="oc-caption">
                    {planOf(plans.services, ({ serviceId }) => serviceId === service.serviceId)}
                  </div>
                )}
              </>
            ),
          ],
          [
            'State',
            ({ status, gone, suspensionReason }) => (
              <>
                <BillingState status={status} gone={gone} />
                {suspensionReason !== null && <div className="oc-caption">{suspensionReason}</div>}
                {status === 'Pending' && !gone && <AcceptOrder billingId={customer.billingId} />}
              </>
            ),
          ],
          ...dueColumns<Service>(() => customer.currency),
          [
            'Actions',
            (service) => (
              <GuardedButton
                variant="default"
                size="compact-sm"
                label={`Assign plan to ${service.productName} #${service.externalId}`}
                reason={customer.cancelledAt === undefined ? null : noUserLeft}
                onClick={() => setAssigning(service)}
              >
                Assign plan
              </GuardedButton>
            ),
            'buttons',
          ],
        ]}
      />
      <PlanDifferences customerId={customer.customerId} assigned={assigned} />
      {assigning && (
        <AssignServiceDialog
          service={assigning}
          billingId={customer.billingId}
          onAssigned={() => setAssigned(true)}
          onClose={() => setAssigning(null)}
        />
      )}
    </>
  );
}

/** What ends that a service is pending: nothing of it happens here. */
function AcceptOrder({ billingId }: { billingId: string }) {
  const kind = useCall('billing.list', {}).data?.find(({ id }) => id === billingId)?.kind;
  if (kind !== 'whmcs') return null;
  return (
    <div className="oc-caption">
      Waits for its order:{' '}
      <WhmcsLink
        billingId={billingId}
        page={whmcsPages.pendingOrders}
        label="Pending orders in WHMCS"
      >
        accept it in WHMCS
      </WhmcsLink>
    </div>
  );
}

const byProduct = 'by-product';

/** Gives a service its own plan, or that of its product again. Sends nothing to a cluster. */
function AssignServiceDialog(props: {
  service: Service;
  billingId: string;
  onAssigned(): void;
  onClose(): void;
}) {
  const { service, billingId, onClose } = props;
  const { serviceId, productId, productName, externalId } = service;
  const call = useConsole();
  const plans = useCall('servicePlans.list', {}).data ?? [];
  const [selected, setSelected] = useState<string | null>(null);
  const ofProduct = plans.find(({ products }) =>
    products.some((of) => of.billingId === billingId && of.productId === productId),
  )?.name;
  return (
    <ConfirmDialog
      verb="Assign plan"
      subject={`to ${productName} #${externalId}`}
      disabled={selected === null}
      onConfirm={async () => {
        const id = selected === byProduct ? null : selected;
        await call('servicePlans.assign', { id, holder: { serviceId } });
        props.onAssigned();
      }}
      onClose={onClose}
    >
      <p className="oc-flush">
        Applies to the users mapped to this service. Nothing is sent to a cluster or to the billing
        system: users that differ are listed under Plan drift, where you preview the changes, and
        the billing system charges {productName} until you change the service there.
      </p>
      <Select
        label="Service plan"
        data-autofocus
        data={[
          { value: byProduct, label: `Plan of its product (${ofProduct ?? 'none'})` },
          ...plans.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={selected}
        onChange={setSelected}
      />
    </ConfirmDialog>
  );
}
