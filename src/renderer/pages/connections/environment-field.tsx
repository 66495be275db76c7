import { SegmentedControl } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';
import { type Environment, EnvironmentBadge } from '../../kit/components/environment-badge.tsx';
import classes from './connections.module.css';

/**
 * Selects the environment of a connection and says what it guards.
 * @param props.value empty: none is selected, which guards nothing
 * @param props.production what is guarded on production
 */
export function EnvironmentField(props: {
  input: GetInputPropsReturnType;
  value: Environment | '';
  production: string;
}) {
  return (
    <div>
      <div className={classes.label}>Environment</div>
      <SegmentedControl
        aria-label="Environment"
        data={(['production', 'staging', 'lab'] as const).map((environment) => ({
          value: environment,
          label: <EnvironmentBadge environment={environment} />,
        }))}
        {...props.input}
      />
      <div className="oc-caption">
        {props.value === 'production'
          ? props.production
          : 'Changes are shown before they are sent, without a lock.'}
      </div>
    </div>
  );
}
