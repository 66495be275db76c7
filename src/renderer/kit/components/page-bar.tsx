import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { Link } from 'react-router';
import { type Connection, useClusterIfAny } from '../cluster-context.tsx';
import classes from '../frame.module.css';
import { useShortcut } from '../shortcuts.ts';
import { useNarrow } from '../use-narrow.ts';
import { useNextRefresh, useSync } from '../use-sync.ts';
import { QuietButton } from './buttons.ts';
import { formatCount } from './format.ts';
import { FreshnessChip } from './freshness-chip.tsx';
import { GuardChip } from './guard-chip.tsx';

/**
 * The bar at the top of a page: title and count on the left; freshness, refresh and the page's one
 * primary action on the right.
 * @param props.of how many there are in all, where the count is of those that match
 * @param props.before is before the title: a way back
 */
export function PageBar(props: {
  title: string;
  count?: number | null;
  of?: number | null;
  before?: ReactNode;
  primaryAction?: ReactNode;
}) {
  const cluster = useClusterIfAny();
  useEffect(() => {
    document.title = `${props.title} · ${cluster ? `${cluster.name} · ` : ''}Ostor Console`;
  }, [props.title, cluster]);
  return (
    <header className={classes.pageBar}>
      {props.before}
      <h1 className={`${classes.title} oc-truncate`}>{props.title}</h1>
      {typeof props.count === 'number' && (
        <span className={`oc-number ${classes.count}`}>
          {formatCount(props.count)}
          {typeof props.of === 'number' && ` of ${formatCount(props.of)}`}
        </span>
      )}
      <span className="oc-space" />
      {cluster && <GuardChip of={cluster} domain="connections" />}
      {cluster && <Freshness cluster={cluster} />}
      {props.primaryAction}
    </header>
  );
}

function Freshness({ cluster }: { cluster: Connection }) {
  const { status, refreshing, refresh } = useSync(cluster.id);
  const next = useNextRefresh(cluster);
  useShortcut('r', refresh);
  return (
    <>
      <FreshnessChip
        connectionId={cluster.id}
        status={status}
        refreshing={refreshing}
        next={next}
        onRefresh={refresh}
      />
      <Tooltip label={refreshing ? 'Refreshing' : 'Refresh (R)'}>
        <ActionIcon aria-label="Refresh" onClick={refresh} data-disabled={refreshing}>
          <IconRefresh size={16} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

/** A link back to the parent page, before the title. */
export function BackLink({ to, children }: { to: string; children: string }) {
  const narrow = useNarrow();
  if (narrow) {
    return (
      <Tooltip label={children}>
        <ActionIcon component={Link} to={to} aria-label={children}>
          <IconArrowLeft size={16} />
        </ActionIcon>
      </Tooltip>
    );
  }
  return (
    <QuietButton component={Link} to={to} leftSection={<IconArrowLeft size={14} />}>
      {children}
    </QuietButton>
  );
}
