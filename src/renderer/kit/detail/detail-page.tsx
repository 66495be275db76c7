import { Skeleton } from '@mantine/core';
import { IconQuestionMark } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { AppError } from '#shared/errors.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { CallError } from '../components/error-panel.tsx';
import { BackLink, PageBar } from '../components/page-bar.tsx';
import { focusHomeMark } from '../focus-keeper.ts';
import { useShortcut } from '../shortcuts.ts';
import { useDelayed } from '../timers.ts';
import classes from './detail.module.css';

/**
 * Lets Tab begin at what a page shows, where what led to it left the focus nowhere; where a dialog or
 * menu that is just closing still holds it, the focus keeper leads here afterwards.
 */
function useFocusOnArrival() {
  const content = useRef<HTMLElement>(null);
  useEffect(() => {
    const nowhere = document.activeElement === null || document.activeElement === document.body;
    if (nowhere) content.current?.focus({ preventScroll: true });
  }, []);
  return content;
}

/** A detail on its own page, with the way back to its list. */
export function DetailPage(props: {
  title: string;
  listPath: string;
  listLabel: string;
  children: ReactNode;
}) {
  const navigate = useNavigate();
  // Back to where one came from, so that the list is as one left it; to the list where one came from nowhere.
  const cameFrom = useLocation().key !== 'default';
  useShortcut('Escape', () => (cameFrom ? navigate(-1) : navigate(props.listPath)));
  const content = useFocusOnArrival();
  return (
    <>
      <PageBar
        title={props.title}
        before={<BackLink to={props.listPath}>{props.listLabel}</BackLink>}
      />
      <section
        ref={content}
        {...{ [focusHomeMark]: true }}
        className={classes.page}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={`${props.title}, content`}
      >
        <div className={classes.pageInner}>{props.children}</div>
      </section>
    </>
  );
}

/**
 * Shows what is shown in a detail's place while it is read, when it failed, and when there is no such
 * thing.
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
        <CallError call={query} />
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
