import { IconFlask, IconShieldHalfFilled, IconTools, type TablerIcon } from '@tabler/icons-react';
import type { CallOutput } from '#shared/contract/index.ts';
import classes from './environment.module.css';
import { StateBadge } from './state-badge.tsx';

export type Environment = CallOutput<'connections.list'>[number]['environment'];

/** Word and icon of each environment; never shown by colour alone. */
export const environments: Record<Environment, { word: string; icon: TablerIcon }> = {
  production: { word: 'Production', icon: IconShieldHalfFilled },
  staging: { word: 'Staging', icon: IconFlask },
  lab: { word: 'Lab', icon: IconTools },
};

export function EnvironmentBadge({ environment }: { environment: Environment }) {
  const { word, icon: Icon } = environments[environment];
  return (
    <span className={`oc-icon-word ${classes.badge}`} data-environment={environment}>
      <Icon size={13} stroke={1.8} aria-hidden />
      {word}
    </span>
  );
}

/** Warns that requests to the cluster are not encrypted. */
export function PlainHttpBadge() {
  return <StateBadge tone="warning">Plain http</StateBadge>;
}

/** The 3 px band along the window's top in the colour of the cluster's environment. */
export function EnvironmentBand({ environment }: { environment: Environment | null }) {
  return (
    <div className={classes.band} data-environment={environment ?? undefined} aria-hidden="true" />
  );
}
