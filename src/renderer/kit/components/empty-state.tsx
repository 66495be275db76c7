import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

/**
 * Shown in place of empty content: a sentence saying why, and the next action.
 * @param props.title what is not there: `No buckets yet`
 * @param props.children why, in a sentence
 * @param props.action the next thing to do, a button
 */
export function EmptyState(props: {
  icon: TablerIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  const Icon = props.icon;
  return (
    <div className={classes.root}>
      <Icon size={28} stroke={1.4} className={classes.icon} aria-hidden />
      <div className="oc-strong">{props.title}</div>
      {props.children && <div className={classes.reason}>{props.children}</div>}
      {props.action && <div className={classes.action}>{props.action}</div>}
    </div>
  );
}
