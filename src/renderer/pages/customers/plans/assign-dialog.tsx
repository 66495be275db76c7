import { Button, Modal, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { type AppError, toAppError } from '#shared/errors.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import classes from '../customers.module.css';
import type { Plan } from './plan-values.ts';

/** Gives a user of any cluster a plan. Nothing is sent: where it differs, Plan drift shows it. */
export function AssignDialog({ plan, onClose }: { plan: Plan; onClose(): void }) {
  const cluster = useCluster();
  const call = useConsole();
  const connections = useCall('connections.list', {}).data ?? [];
  const [connectionId, setConnectionId] = useState(cluster.id);
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search, 150);
  const asked = { connectionId, limit: 20, ...(wanted === '' ? {} : { search: wanted }) };
  const users = useCall('users.list', asked).data?.rows ?? [];
  const [userId, setUserId] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (userId === null) return;
    try {
      await call('servicePlans.assign', { id: plan.id, holder: { connectionId, userId } });
      onClose();
    } catch (thrown) {
      setError(toAppError(thrown));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Assign ${plan.name}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        <Select
          label="Cluster"
          data={connections.map(({ id, name }) => ({ value: id, label: name }))}
          value={connectionId}
          allowDeselect={false}
          onChange={(id) => {
            setConnectionId(id ?? cluster.id);
            setUserId(null);
          }}
        />
        <Select
          label="User"
          searchable
          data-autofocus
          data={users.map((user) => ({
            value: user.userId,
            label: user.email ? `${user.email} (${user.userId})` : user.userId,
          }))}
          value={userId}
          onChange={setUserId}
          searchValue={search}
          onSearchChange={setSearch}
          filter={({ options }) => options}
          nothingFoundMessage="No results"
        />
        {error && <ErrorPanel error={error} compact />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={userId === null}>
            Assign plan
          </Button>
        </div>
      </form>
    </Modal>
  );
}
