import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import { limitRows } from '#shared/limit-resources.ts';
import { bandwidthUnitNote } from '#shared/units.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../../kit/components/buttons.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../../kit/components/format.ts';
import { Note } from '../../../kit/components/note.tsx';
import { NumberEntry } from '../../../kit/components/number-entry.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { useAction } from '../../../kit/use-action.ts';
import classes from '../shared/customers.module.css';
import { type Plan, type PlanValues, planFaults, toPlanBody, toPlanValues } from './plan-values.ts';
import { ProductFields } from './product-fields.tsx';

/** Creates a plan, or the next version of one: a saved version never changes. */
export function PlanForm(props: {
  plan: Plan | null;
  /** What a new plan begins with. */
  begun?: Partial<PlanValues>;
  onSaved(saved: { id: string }): void;
  onClose(): void;
}) {
  const { plan, begun, onClose } = props;
  const cluster = useCluster();
  const call = useConsole();
  const tariffs = useCall('tariffs.list', { connectionId: cluster.id }).data ?? [];
  const [values, setValues] = useState(() => ({ ...toPlanValues(plan), ...begun }));
  const [tried, setTried] = useState(false);
  const { running: saving, error, run } = useAction();
  const faults = planFaults(values);
  const fault = (field: string) => (tried ? faults[field] : undefined);
  const change = (update: Partial<typeof values>) => setValues({ ...values, ...update });
  const valid = Object.keys(faults).every((field) => field === 'name');
  const { name: _name, ...body } = toPlanBody(values);
  const [typed] = useDebouncedValue(
    JSON.stringify({ ...body, ...(plan ? { id: plan.id } : {}) }),
    250,
  );
  const effect = useCall(
    'servicePlans.preview',
    JSON.parse(typed) as CallInput<'servicePlans.preview'>,
    { keepPrevious: true, enabled: valid },
  );
  const sayWhoHasIt = async ({ id, name, version }: CallOutput<'servicePlans.save'>) => {
    // saved it is; who has it can't always be read
    const read = await call('servicePlans.preview', { ...body, id }).catch(() => null);
    const message = `${name}, version ${version}, saved.`;
    notifications.show({ message: read ? `${message} ${holdersWords(read)}` : message });
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(faults).length > 0) return;
    await run(async () => {
      const saved = await call('servicePlans.save', {
        ...toPlanBody(values),
        ...(plan ? { id: plan.id } : {}),
      });
      await sayWhoHasIt(saved);
      props.onSaved(saved);
      onClose();
    });
  };
  const connections = useCall('connections.list', {}).data ?? [];
  const clusters = connections.map((cluster) => ({ value: cluster.id, label: cluster.name }));
  const known = tariffs.map(({ tariffId, name }) => ({ value: tariffId, label: name }));
  const other = values.tariffId !== null && known.every(({ value }) => value !== values.tariffId);
  return (
    <Modal
      opened
      size={560}
      onClose={onClose}
      title={plan ? `${plan.name}: version ${plan.version + 1}` : 'New service plan'}
    >
      <form className="oc-form" onSubmit={(event) => void save(event)} noValidate>
        <TextInput
          label="Name"
          required
          data-autofocus
          maxLength={120}
          value={values.name}
          error={fault('name')}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <p className="oc-caption">
          Leave a field empty if the plan doesn’t set it: users may have any value. 0 means
          unlimited.
        </p>
        <div className={classes.two}>
          <NumberEntry
            label="Quota, GB"
            rules={{ unit: 'GB' }}
            value={values.quotaGb}
            error={fault('quotaGb')}
            onChange={(quotaGb) => change({ quotaGb })}
          />
          {limitRows.map(({ id, label, unit }) => (
            <NumberEntry
              key={id}
              label={`${label}, ${unit}`}
              {...(id === 'bandwidthOut' ? { description: bandwidthUnitNote } : {})}
              rules={{ unit, decimals: 2 }}
              value={values.limits[id]}
              error={fault(id)}
              onChange={(text) => change({ limits: { ...values.limits, [id]: text } })}
            />
          ))}
        </div>
        <Select
          label="Tariff"
          description={`A customer’s own tariff comes before it.${
            values.tariffId === null
              ? ' With none, users of the plan are billed only where their customer has a tariff.'
              : ''
          }`}
          placeholder="None"
          clearable
          data={
            other
              ? [...known, { value: values.tariffId ?? '', label: 'of another cluster' }]
              : known
          }
          value={values.tariffId}
          onChange={(tariffId) => change({ tariffId })}
        />
        <ProductFields values={values.products} onChange={(products) => change({ products })} />
        {effect.data && <PlanEffect effect={effect.data} version={(plan?.version ?? 0) + 1} />}
        <div className={classes.two}>
          <Select
            label="Cluster of new users"
            description="Used when onboarding, unless its CSV table names another."
            placeholder="None"
            clearable
            data={clusters}
            value={values.newUsersOn}
            onChange={(newUsersOn) => change({ newUsersOn })}
          />
          <TextInput
            label="Account of new users"
            description="Created for each of them."
            maxLength={128}
            value={values.accountName}
            onChange={(event) => change({ accountName: event.currentTarget.value })}
          />
        </div>
        {error && <ErrorPanel error={error} compact />}
        <div className="oc-buttons">
          <SecondaryButton onClick={onClose}>Cancel</SecondaryButton>
          <Button type="submit" loading={saving}>
            {plan ? `Save version ${plan.version + 1}` : 'Create plan'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function holdersWords({ users, differing }: CallOutput<'servicePlans.preview'>): string {
  const have = `${formatCounted(users, 'user')} ${agreeing(users, 'has', 'have')} it`;
  if (users === 0) return `${have}.`;
  return `${have}, ${formatCount(differing)} of them ${agreeing(differing, 'differs', 'differ')} from it.`;
}

/** Who gets a plan if it is saved as typed, and how many of them differ from it. */
function PlanEffect(props: { effect: CallOutput<'servicePlans.preview'>; version: number }) {
  const { version } = props;
  const { users, differing, unknown, losing } = props.effect;
  const lose =
    losing > 0 &&
    ` ${formatCounted(losing, 'user')} no longer ${agreeing(losing, 'has', 'have')} the plan.`;
  if (users === 0) {
    return (
      <Note role="status">
        No user gets {version === 1 ? 'this plan by its products' : `version ${version}`}.{lose}
      </Note>
    );
  }
  const unread = unknown > 0 && ` Nothing was read yet of ${formatCount(unknown)}.`;
  return (
    <Note
      role="status"
      title={`${formatCounted(users, 'user')} ${agreeing(users, 'gets', 'get')} ${version === 1 ? 'this plan' : `version ${version}`}`}
    >
      {differing === 0
        ? 'None is known to differ from it.'
        : `${formatCount(differing)} of them ${agreeing(differing, 'differs', 'differ')} from it.`}
      {unread}
      {lose} Saving changes nothing on a cluster: preview the changes afterwards, in Plan drift.
    </Note>
  );
}
