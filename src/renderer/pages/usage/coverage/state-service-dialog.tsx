import { Radio, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { typed } from '../../../kit/components/typed.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { serviceWords } from '../shared/figures.ts';
import type { Coverage } from './cells.ts';
import { EffectOnAll } from './effect-on-all.tsx';
import { ReasonField } from './reason-field.tsx';

type Kind = 'retired' | 'idle';

/** Returns when a service last wrote within the period, else the period's start; to the hour, UTC. */
function lastHeardOf({ from, services }: Coverage, serviceId: string): string {
  const hours = services.find((service) => service.serviceId === serviceId)?.hours ?? [];
  const last = hours.findLastIndex(
    (state) => !['missing', 'open', 'idle', 'silent'].includes(state),
  );
  return new Date(Date.parse(from) + (last + 1) * 3_600_000).toISOString().slice(0, 16);
}

/** Records that a service is retired or idle, so that it no longer creates gaps. */
export function StateServiceDialog(props: { coverage: Coverage; onClose(): void }) {
  const { coverage, onClose } = props;
  const cluster = useCluster();
  const call = useConsole();
  const first = coverage.services[0]?.serviceId ?? '';
  const [kind, setKind] = useState<Kind>('retired');
  const [serviceId, setServiceId] = useState(first);
  const [since, setSince] = useState(() => lastHeardOf(coverage, first));
  const [reason, setReason] = useState('');
  const select = (id: string, as: Kind) => {
    setServiceId(id);
    setKind(as);
    setSince(as === 'retired' ? lastHeardOf(coverage, id) : coverage.from.slice(0, 16));
  };
  return (
    <ConfirmDialog
      verb={`Mark as ${kind}`}
      title={`Mark ${serviceId} as ${kind}`}
      width={560}
      onClose={onClose}
      onConfirm={() =>
        call('usage.stateService', {
          connectionId: cluster.id,
          serviceId,
          kind,
          since: `${since}:00Z`,
          reason,
        })
      }
    >
      <Select
        label="Gateway service"
        description={serviceWords}
        data={coverage.services.map((service) => service.serviceId)}
        value={serviceId}
        onChange={(id) => select(id ?? first, kind)}
      />
      <Radio.Group
        label="Mark as"
        value={kind}
        onChange={(value) => select(serviceId, value as Kind)}
      >
        <Radio
          mt={4}
          value="retired"
          label="Retired: it was taken out of service, it sends nothing anymore"
        />
        <Radio
          mt={8}
          value="idle"
          label="Idle: it writes nothing while nobody uses it, so missing hours are not gaps"
        />
      </Radio.Group>
      <TextInput type="datetime-local" label="Since (UTC)" required {...typed(since, setSince)} />
      <EffectOnAll from={coverage.from} to={coverage.to} />
      <p className="oc-flush">
        Its gaps from then on count as silent, without an end, and figures can be final without
        them. What it does write counts; a retired service that writes again is no longer retired
        from there on. Coverage and the journal show the mark with your name; it can be withdrawn.
      </p>
      <ReasonField
        example="Gateway removed from the cluster, change 4711"
        value={reason}
        onChange={setReason}
      />
    </ConfirmDialog>
  );
}
