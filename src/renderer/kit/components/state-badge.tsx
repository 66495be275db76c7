import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconHelp,
  IconInfoCircle,
  type TablerIcon,
} from '@tabler/icons-react';
import classes from './state-badge.module.css';

/** What a state means, which sets its colour and icon. Its word is always shown too. */
export type StateTone = 'good' | 'warning' | 'bad' | 'idle' | 'information';

const icons: Record<StateTone, TablerIcon> = {
  good: IconCircleCheck,
  warning: IconAlertTriangle,
  bad: IconCircleX,
  idle: IconBan,
  information: IconInfoCircle,
};

/**
 * A state as icon and word in its colour.
 * @param props.tone its meaning
 * @param props.icon replaces the tone's icon
 */
export function StateBadge(props: { tone: StateTone; children: string; icon?: TablerIcon }) {
  const Icon = props.icon ?? icons[props.tone];
  return (
    <span className={`oc-icon-word ${classes.root}`} data-tone={props.tone}>
      <Icon size={14} stroke={1.8} aria-hidden />
      {props.children}
    </span>
  );
}

export function UserStateBadge({ state }: { state: 'enabled' | 'disabled' | 'unknown' }) {
  if (state === 'enabled') return <StateBadge tone="good">Enabled</StateBadge>;
  if (state === 'disabled') return <StateBadge tone="idle">Disabled</StateBadge>;
  return (
    <StateBadge tone="information" icon={IconHelp}>
      Not known
    </StateBadge>
  );
}
