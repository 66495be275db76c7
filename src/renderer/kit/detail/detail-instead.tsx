import { Skeleton } from '@mantine/core';
import { IconQuestionMark } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { AppError } from '#shared/errors.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorPanel } from '../components/error-panel.tsx';
import { useDelayed } from '../components/use-delayed.ts';
import classes from './detail.module.css';

/**
 * What stands in a detail's place while it is read, when it failed, and when there is no such thing.
 * @param props.what `user`, `bucket`
 * @param props.name its id or name
 */
export function DetailInstead(props: {
  query: UseQueryResult<unknown, AppError>;
  what: string;
  name: string;
}) {
  const { query, what, name } = props;
  const slow = useDelayed(query.isPending, 150);
  if (query.error?.code === 'NOT_FOUND') {
    return (
      <EmptyState icon={IconQuestionMark} title={`No such ${what}`}>
        Neither the gateway nor what was last seen has a {what}{' '}
        <span className="oc-mono">{name}</span>. It may have been removed.
      </EmptyState>
    );
  }
  if (query.error) {
    return (
      <div className={classes.instead}>
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  return (
    <div className={classes.instead} aria-busy="true">
      {slow &&
        [200, 280, 160, 320, 240, 300].map((width) => (
          <Skeleton key={width} width={width} maw="100%" height={12} mb={16} />
        ))}
    </div>
  );
}
