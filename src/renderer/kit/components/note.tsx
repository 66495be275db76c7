import {
  IconAlertTriangle,
  IconCircleCheck,
  IconInfoCircle,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './note.module.css';

const icons = { information: IconInfoCircle, warning: IconAlertTriangle, good: IconCircleCheck };

/**
 * A boxed remark among other content, which colour and icon set apart.
 * @param props.icon replaces the tone's icon
 * @param props.title what it is about, in bold, before the children
 */
export function Note(props: {
  tone?: keyof typeof icons;
  icon?: TablerIcon;
  title?: ReactNode;
  role?: 'alert' | 'status';
  children?: ReactNode;
}) {
  const { tone = 'information' } = props;
  const Icon = props.icon ?? icons[tone];
  return (
    <div className={classes.note} data-tone={tone} role={props.role}>
      <Icon size={16} aria-hidden />
      <div className={classes.body}>
        {props.title && <div className="oc-strong">{props.title}</div>}
        {props.children}
      </div>
    </div>
  );
}

/** The buttons of a note or an error, below its words. */
export function NoteActions({ children }: { children: ReactNode }) {
  return <div className={`oc-wrap-row ${classes.actions}`}>{children}</div>;
}
