import type { WireInteger } from '#shared/units.ts';
import { useCall } from '../../api/use-call.ts';
import { useCluster } from '../../app/cluster-context.tsx';
import detail from '../detail/detail.module.css';
import { ErrorPanel } from '../error-panel.tsx';
import { Time } from '../time.tsx';
import { DefaultQuota } from './default-quota.tsx';
import { EditButton } from './edit-button.tsx';
import { openEditLimits } from './edit-limits.tsx';
import { openEditQuota } from './edit-quota.tsx';
import { NotSet, QuotaValue, RateValue } from './limit-value.tsx';
import classes from './limits.module.css';
import { QuotaBar } from './quota-bar.tsx';
import { type LimitTarget, limitResources } from './resources.ts';

interface SectionProps {
  target: LimitTarget;
  /** Size as last listed. */
  bytes: WireInteger;
}

function AsLastRead({ source, asOf }: { source: 'gateway' | 'snapshot'; asOf: string }) {
  if (source === 'gateway') return null;
  return (
    <p className={detail.note}>
      As read <Time value={asOf} as="age" />.
    </p>
  );
}

function Quota({ target, bytes }: SectionProps) {
  const { id: connectionId } = useCluster();
  const of = 'user' in target ? 'user' : 'bucket';
  const query = useCall('quotas.get', { connectionId, target });
  const fallback = useCall('quotas.get', { connectionId, target: { default: of } });
  const { data } = query;
  if (query.error) {
    return (
      <ErrorPanel
        title="The quota could not be read"
        error={query.error}
        compact
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (!data) return <div className={classes.value} aria-busy="true" />;
  const applied = data.set ? data.sizeGb : (fallback.data?.sizeGb ?? null);
  return (
    <>
      <div className={classes.sub}>
        <span className={classes.subTitle}>Quota</span>
        <EditButton label="Set quota" onClick={() => openEditQuota(target, data)} />
      </div>
      <div className={classes.value}>
        <QuotaValue quota={data} />
        <QuotaBar bytes={bytes} sizeGb={applied} />
      </div>
      {!data.set && <DefaultQuota of={of} />}
      <AsLastRead {...data} />
    </>
  );
}

function Limits({ target }: Pick<SectionProps, 'target'>) {
  const { id: connectionId } = useCluster();
  const query = useCall('limits.get', { connectionId, target });
  const { data } = query;
  if (query.error) {
    return (
      <ErrorPanel
        title="The rate limits could not be read"
        error={query.error}
        compact
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (!data) return <div className={classes.value} aria-busy="true" />;
  return (
    <>
      <div className={classes.sub}>
        <span className={classes.subTitle}>Rate limits</span>
        <EditButton label="Set rate limits" onClick={() => openEditLimits(target, data)} />
      </div>
      {data.set ? (
        <dl className={classes.limits}>
          {limitResources.map(({ id, label, unit, says }) => (
            <div key={id} className={classes.limit} title={says}>
              <dt>{label}</dt>
              <dd>
                <RateValue rate={data.limits[id]} unit={unit} />
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <div className={classes.value}>
          <NotSet />
          <span className="oc-dimmed">Nothing limits the rate of requests.</span>
        </div>
      )}
      <AsLastRead {...data} />
    </>
  );
}

/** Quota and rate limits of one user or bucket, each with its dialog. */
export function LimitsSection({ target, bytes }: SectionProps) {
  return (
    <div style={{ fontSize: 12 }}>
      <Quota target={target} bytes={bytes} />
      <Limits target={target} />
    </div>
  );
}
