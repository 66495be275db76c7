import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import type { AppError, ErrorCode } from '#shared/errors.ts';
import { limitRows } from '#shared/limit-resources.ts';
import type { WireInteger } from '#shared/units.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { EditButton } from '../../kit/components/guarded-button.tsx';
import { TermHelp } from '../../kit/components/term-help.tsx';
import { Time } from '../../kit/components/time.tsx';
import detail from '../../kit/detail/detail.module.css';
import { useCall } from '../../kit/rpc/use-call.ts';
import { type SyncStatus, useSync } from '../../kit/use-sync.ts';
import { openEditLimits } from './edit-limits.tsx';
import { DefaultQuota, openEditQuota } from './edit-quota.tsx';
import { type LimitTarget, NotSet, QuotaValue, RateValue } from './limit-value.tsx';
import classes from './limits.module.css';
import { QuotaBar } from './quota-bar.tsx';
import { RaiseNote } from './temporary.tsx';

interface SectionProps {
  target: LimitTarget;
  /** Size as last listed; null where it can't be true. */
  bytes: WireInteger | null;
}

function AsLastRead({ source, asOf }: { source: 'gateway' | 'snapshot'; asOf: string }) {
  if (source === 'gateway') return null;
  return (
    <p className={detail.note}>
      As read <Time value={asOf} as="age" />.
    </p>
  );
}

type QuotaQuery = UseQueryResult<CallOutput<'quotas.get'>, AppError>;
type LimitsQuery = UseQueryResult<CallOutput<'limits.get'>, AppError>;

/** Shown where a value could not be read: quiet where only the gateway is out of reach. */
function Unread(props: { what: string; error: AppError; quiet: boolean; onRetry(): void }) {
  const { what, error, quiet, onRetry } = props;
  if (quiet) return <NotReadYet what={`${what}: `} error={error} />;
  return <ErrorPanel title={`${what} could not be read`} error={error} compact onRetry={onRetry} />;
}

function Quota({ target, bytes, query }: SectionProps & { query: QuotaQuery }) {
  const { id: connectionId } = useCluster();
  const of = 'user' in target ? 'user' : 'bucket';
  const fallback = useCall('quotas.get', { connectionId, target: { default: of } });
  const { data } = query;
  if (!data) return <div className={classes.value} aria-busy="true" />;
  const applied = data.set ? data.sizeGb : (fallback.data?.sizeGb ?? null);
  return (
    <>
      <div className={classes.sub}>
        <span className={classes.subTitle}>
          Quota
          <TermHelp term="quota" />
        </span>
        <EditButton label="Set quota" onClick={() => openEditQuota(target, data)} />
      </div>
      <div className={classes.value}>
        <QuotaValue quota={data} />
        <QuotaBar bytes={bytes} sizeGb={applied} />
      </div>
      <RaiseNote target={target} part="quota" />
      {!data.set && <DefaultQuota of={of} />}
      <AsLastRead {...data} />
    </>
  );
}

function Limits({ target, query }: Pick<SectionProps, 'target'> & { query: LimitsQuery }) {
  const { data } = query;
  if (!data) return <div className={classes.value} aria-busy="true" />;
  return (
    <>
      <div className={classes.sub}>
        <span className={classes.subTitle}>
          Rate limits
          <TermHelp term="rateLimit" />
        </span>
        <EditButton label="Set rate limits" onClick={() => openEditLimits(target, data)} />
      </div>
      {data.set ? (
        <dl className={classes.limits}>
          {limitRows.map(({ id, label, unit, counts }) => (
            <div key={id} className={classes.limit} title={counts}>
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
      <RaiseNote target={target} part="limits" />
      <AsLastRead {...data} />
    </>
  );
}

/** Quota and rate limits of one user or bucket, each with its dialog. */
export function LimitsSection({ target, bytes }: SectionProps) {
  const { id: connectionId } = useCluster();
  const { status } = useSync(connectionId);
  const quota = useCall('quotas.get', { connectionId, target });
  const limits = useCall('limits.get', { connectionId, target });
  useReadWhenBack(status, [quota, limits]);
  const quietly = [quota.error, limits.error].map((error) => isOutOfReach(error, status));
  if (quota.error && quietly.every((quiet) => quiet)) return <NotReadYet error={quota.error} />;
  return (
    <div style={{ fontSize: 12 }}>
      {quota.error ? (
        <Unread
          what="Quota"
          error={quota.error}
          quiet={quietly[0] ?? false}
          onRetry={() => void quota.refetch()}
        />
      ) : (
        <Quota target={target} bytes={bytes} query={quota} />
      )}
      {limits.error ? (
        <Unread
          what="Rate limits"
          error={limits.error}
          quiet={quietly[1] ?? false}
          onRetry={() => void limits.refetch()}
        />
      ) : (
        <Limits target={target} query={limits} />
      )}
    </div>
  );
}

const noWayThere: ReadonlySet<ErrorCode> = new Set([
  'CONNECTION_OFFLINE',
  'CREDENTIAL_MISSING',
  'TIMED_OUT',
]);

/** Whether a value could not be read for the one reason that the page says already: no gateway. */
function isOutOfReach(error: AppError | null, status: SyncStatus | undefined): boolean {
  return error !== null && (noWayThere.has(error.code) || status?.state === 'offline');
}

/** One quiet line where a value was never read and can't be now; the cause on hover. */
function NotReadYet({ what, error }: { what?: ReactNode; error: AppError }): ReactNode {
  const why =
    error.code === 'CREDENTIAL_MISSING'
      ? 'no secret key is available'
      : 'the gateway can’t be reached';
  return (
    <p className={detail.note} title={`${error.message} ${error.hint}`}>
      {what}Not read yet; {why}.
    </p>
  );
}

/** Reads again what failed once the gateway answers again. */
function useReadWhenBack(
  status: SyncStatus | undefined,
  queries: readonly { error: AppError | null; refetch(): unknown }[],
): void {
  const before = useRef(status?.state);
  useEffect(() => {
    const back = before.current !== 'online' && status?.state === 'online';
    before.current = status?.state;
    if (!back) return;
    for (const query of queries) if (query.error) void query.refetch();
  });
}
