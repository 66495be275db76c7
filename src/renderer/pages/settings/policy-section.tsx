import type { CallOutput } from '#shared/contract/index.ts';
import { formatCounted } from '../../kit/components/format.ts';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { Path, Section, Setting } from './setting.tsx';

type Policy = NonNullable<CallOutput<'app.info'>['policy']>;

const forbiddenNames: Readonly<Record<Policy['forbidden'][number], string>> = {
  plainHttp: 'Connections over plain http',
  revealSecrets: 'Revealing secret keys',
  exportSecrets: 'Exporting secret keys',
  exportClusters: 'Field packs with cached cluster data',
  addConnections: 'Adding connections',
};

/** Shows what the administrator of this computer set, and where; nothing where there is no policy. */
export function AdministratorPolicy() {
  const policy = useCall('app.info', {}).data?.policy;
  if (!policy) return null;
  const { path, organization, forbidden, idleMinutes, connections } = policy;
  return (
    <Section title="Administrator policy">
      <p className="oc-caption">
        Set by {organization ?? 'the administrator of this computer'}, for all who use the console
        here. A change takes effect when the console is restarted.
      </p>
      <Setting name="Policy file">
        <Path value={path} what="path of the policy" />
      </Setting>
      {connections > 0 && (
        <Setting
          name="Connections"
          hint="Their settings can’t be changed; you enter the secret key."
        >
          {formatCounted(connections, 'connection')}
        </Setting>
      )}
      {forbidden.map((name) => (
        <Setting key={name} name={forbiddenNames[name]}>
          <StateBadge tone="idle">Turned off</StateBadge>
        </Setting>
      ))}
      {idleMinutes !== null && (
        <Setting name="Web shell: sign out when unused">
          After {formatCounted(idleMinutes, 'minute')} at the latest
        </Setting>
      )}
    </Section>
  );
}
