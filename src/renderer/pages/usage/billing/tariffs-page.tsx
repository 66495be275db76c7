import { Button } from '@mantine/core';
import { IconPlus, IconReceipt } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { withParameters } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import { PlainTable } from '../../../kit/components/plain-table.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { UsageFrame } from '../shared/usage-frame.tsx';
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
  const version = parameters.get('version');
  const open = tariffs.find(({ tariffId }) => tariffId === openId) ?? tariffs[0];
  const select = (tariffId: string) =>
    setParameters((before) => withParameters(before, { tariff: tariffId, version: null }));
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
        <PlainTable
          label="Tariffs"
          rows={tariffs}
          rowKey={({ tariffId }) => tariffId}
          isOpen={({ tariffId }) => tariffId === open.tariffId}
          columns={[
            [
              'Name',
              ({ tariffId, name }) => (
                <button
                  type="button"
                  className="oc-link"
                  aria-current={tariffId === open.tariffId ? 'true' : undefined}
                  onClick={() => select(tariffId)}
                >
                  {name}
                </button>
              ),
            ],
            ['Currency', ({ currency }) => currency],
            ['Version', ({ version }) => <span className="oc-number">{version}</span>],
            ['Saved', ({ savedAt }) => <Time value={savedAt} as="age" />],
          ]}
        />
      </section>
      <TariffDetail
        key={`${open.tariffId} ${version}`}
        tariff={open}
        version={open.tariffId === openId ? version : null}
        onEdit={() => setEditing(open)}
      />
    </div>
  );
}
