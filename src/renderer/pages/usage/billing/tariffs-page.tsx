import { Button, Table } from '@mantine/core';
import { IconPlus, IconReceipt } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { UsageFrame } from '../usage-frame.tsx';
import classes from './billing.module.css';
import { TariffDetail } from './tariff-detail.tsx';
import { TariffForm } from './tariff-form.tsx';
import type { Tariff } from './tariff-values.ts';

/** The tariffs of this cluster: what is charged for what, since when. */
export function TariffsPage() {
  const cluster = useCluster();
  const query = useCall('tariffs.list', { connectionId: cluster.id });
  return (
    <UsageFrame>
      {query.error ? (
        <div className="oc-state">
          <CallError call={query} />
        </div>
      ) : query.data ? (
        <Body tariffs={query.data} />
      ) : (
        <div className="oc-state" aria-busy="true" />
      )}
    </UsageFrame>
  );
}

function Body({ tariffs }: { tariffs: readonly Tariff[] }) {
  const [parameters, setParameters] = useSearchParams();
  const [editing, setEditing] = useState<'new' | Tariff | null>(null);
  const openId = parameters.get('tariff');
  const open = tariffs.find(({ tariffId }) => tariffId === openId) ?? tariffs[0];
  const select = (tariffId: string | null) => setParameters(tariffId ? { tariff: tariffId } : {});
  if (editing !== null) {
    return (
      <TariffForm
        tariff={editing === 'new' ? null : editing}
        onSaved={(saved) => {
          setEditing(null);
          select(saved.tariffId);
        }}
        onCancel={() => setEditing(null)}
      />
    );
  }
  if (!open) {
    return (
      <div className="oc-state">
        <EmptyState
          icon={IconReceipt}
          title="No tariff yet"
          action={<Button onClick={() => setEditing('new')}>Create a tariff</Button>}
        >
          A tariff says what a GB-hour, a GB in or out and a thousand operations cost, from when on,
          and what is free. Statements are made from it.
        </EmptyState>
      </div>
    );
  }
  return (
    <div className={classes.split}>
      <section className={classes.list} aria-label="Tariffs">
        <div className={classes.listHead}>
          <h2 className="oc-heading">Tariffs</h2>
          <span className="oc-space" />
          <SmallButton leftSection={<IconPlus size={14} />} onClick={() => setEditing('new')}>
            New tariff
          </SmallButton>
        </div>
        <Table fz={12} aria-label="Tariffs" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Currency</Table.Th>
              <Table.Th>Version</Table.Th>
              <Table.Th>Saved</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tariffs.map((tariff) => (
              <Table.Tr
                key={tariff.tariffId}
                data-open={tariff.tariffId === open.tariffId || undefined}
                className={classes.tariffRow ?? ''}
              >
                <Table.Td>
                  <button
                    type="button"
                    className="oc-link"
                    aria-current={tariff.tariffId === open.tariffId ? 'true' : undefined}
                    onClick={() => select(tariff.tariffId)}
                  >
                    {tariff.name}
                  </button>
                </Table.Td>
                <Table.Td>{tariff.currency}</Table.Td>
                <Table.Td className="oc-number">{tariff.version}</Table.Td>
                <Table.Td>
                  <Time value={tariff.savedAt} as="age" />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      <TariffDetail key={open.tariffId} tariff={open} onEdit={() => setEditing(open)} />
    </div>
  );
}
