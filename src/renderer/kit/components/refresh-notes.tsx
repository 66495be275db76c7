import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { AppError } from '#shared/errors.ts';
import { useConsole } from '../rpc/console-context.tsx';
import type { SyncStatus } from '../use-sync.ts';
import { SmallButton } from './buttons.ts';
import { ErrorPanel } from './error-panel.tsx';
import { formatCount, formatCounted } from './format.ts';
import classes from './freshness-chip.module.css';

type HeldBack = NonNullable<SyncStatus['heldBack']>;

/** Says in one sentence what shorter lists lack: `31 of 31 users and 2 of 3 buckets`. */
export function missingWords(heldBack: HeldBack): string {
  const lists = (['users', 'buckets'] as const).filter((list) => heldBack[list].missing > 0);
  return lists
    .map((list) => {
      const { missing, before } = heldBack[list];
      return `${formatCount(missing)} of ${formatCounted(before, list.slice(0, -1))}`;
    })
    .join(' and ');
}

export function HeldBackActions({ connectionId }: { connectionId: string }) {
  const call = useConsole();
  const decide = useMutation<unknown, AppError, 'sync.acceptShorter' | 'sync.keepSeen'>({
    mutationFn: (name) => call(name, { connectionId }),
  });
  return (
    <>
      {decide.error && <ErrorPanel error={decide.error} compact />}
      <div className={classes.buttons}>
        <SmallButton
          loading={decide.isPending && decide.variables === 'sync.keepSeen'}
          disabled={decide.isPending}
          onClick={() => decide.mutate('sync.keepSeen')}
        >
          Keep
        </SmallButton>
        <Button
          size="compact-sm"
          color="red"
          loading={decide.isPending && decide.variables === 'sync.acceptShorter'}
          disabled={decide.isPending}
          onClick={() => decide.mutate('sync.acceptShorter')}
        >
          Accept
        </Button>
      </div>
    </>
  );
}

/** Shorter lists that were held back: the difference, and what to do about it. */
export function HeldBackNote({ status, connectionId }: NoteProps & { connectionId: string }) {
  const { heldBack } = status;
  if (!heldBack) return null;
  return (
    <section aria-label="Shorter lists held back">
      <div className="oc-strong">Shorter lists were not applied</div>
      <div className="oc-dimmed">
        The gateway's last answer lacks {missingWords(heldBack)} seen before. Accept reads the lists
        again and takes them in; Keep leaves what was seen.
      </div>
      {(['users', 'buckets'] as const).map((list) => (
        <Names key={list} list={list} heldBack={heldBack} />
      ))}
      <HeldBackActions connectionId={connectionId} />
    </section>
  );
}

function Names({ list, heldBack }: { list: 'users' | 'buckets'; heldBack: HeldBack }) {
  const { before, after, missing, names } = heldBack[list];
  if (missing === 0) return null;
  const more = missing - names.length;
  return (
    <div>
      {list === 'users' ? 'Users' : 'Buckets'}: {formatCount(before)} before, {formatCount(after)}{' '}
      now{names.length > 0 ? `; missing ${names.join(', ')}` : ''}
      {names.length > 0 && more > 0 ? ` and ${formatCount(more)} more` : ''}.
    </div>
  );
}

interface NoteProps {
  status: SyncStatus;
}

/** Proxies between the console and the gateway, as the last lists name them. */
export function RouteNote({ status: { route } }: NoteProps) {
  if (!route) return null;
  return (
    <section aria-label="Proxy on the route">
      {route.transformed && <div className="oc-strong">A proxy changes answers on the way</div>}
      <div className="oc-dimmed">
        {route.transformed
          ? `The lists on screen are what it passed on; statistics objects it changed are refused. ${route.said}`
          : `Answers come through a proxy. ${route.said}`}
      </div>
    </section>
  );
}

/** Rows of the last lists that could not be read, and figures in them that can't be true. */
export function TroublesNote({ status: { setAside, implausible } }: NoteProps) {
  if (!setAside && !implausible) return null;
  return (
    <section aria-label="Rows with problems" className={classes.troubles}>
      {setAside && (
        <>
          <div className="oc-strong">{formatCounted(setAside.total, 'row')} could not be read</div>
          <ul>
            {setAside.rows.map(({ list, name, cause }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: names can come twice, the list is never reordered
              <li key={index}>
                {name} ({list}): {cause}
              </li>
            ))}
          </ul>
        </>
      )}
      {implausible && (
        <>
          <div className="oc-strong">
            {formatCounted(implausible.total, 'figure')} can't be true
          </div>
          <ul>
            {implausible.rows.map(({ name, field, value }) => (
              <li key={`${name} ${field}`}>
                {name}: {field} is {value}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
