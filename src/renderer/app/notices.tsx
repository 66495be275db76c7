import { ActionIcon, Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconClipboardList,
  IconCloudOff,
  IconInfoCircle,
  IconKeyOff,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { waitingWords } from '../changes/plans/comparison-words.ts';
import { connectionPath, keptPlanPath, newConnectionPath, plansPath } from '../kit/addresses.ts';
import type { Connection } from '../kit/cluster-context.tsx';
import { QuietButton, SmallButton } from '../kit/components/buttons.ts';
import { EnterSecretDialog } from '../kit/components/enter-secret.tsx';
import { Fingerprint } from '../kit/components/fingerprint.tsx';
import { formatCounted } from '../kit/components/format.ts';
import { HeldBackActions, missingWords } from '../kit/components/refresh-notes.tsx';
import { Time } from '../kit/components/time.tsx';
import classes from '../kit/frame.module.css';
import { useConsole } from '../kit/rpc/console-context.tsx';
import { useCall } from '../kit/rpc/use-call.ts';
import { useSync } from '../kit/use-sync.ts';

const buttonClass = classes.bannerButton ?? '';

const icons = { information: IconInfoCircle, warning: IconAlertTriangle, error: IconAlertTriangle };

/** A strip above the page: an icon, the text, then buttons. */
function Banner(props: {
  severity: keyof typeof icons;
  icon?: TablerIcon;
  role?: 'alert';
  actions: ReactNode;
  children: ReactNode;
}) {
  const { severity, icon: Icon = icons[severity] } = props;
  return (
    <div className={classes.banner} data-severity={severity} role={props.role ?? 'status'}>
      <Icon size={16} aria-hidden />
      <span>{props.children}</span>
      <span className="oc-space" />
      {props.actions}
    </div>
  );
}

function DismissButton({ onClick }: { onClick: () => void }) {
  return (
    <ActionIcon size={24} aria-label="Dismiss this notice" onClick={onClick}>
      <IconX size={14} />
    </ActionIcon>
  );
}

/**
 * Shows what the console has to say of itself (a snapshot set aside, a missing keychain), until dismissed.
 */
export function Notices() {
  const call = useConsole();
  const notices = useCall('app.info', {}).data?.notices ?? [];
  return notices.map(({ id, severity, message, hint }) => (
    <Banner
      key={id}
      severity={severity}
      actions={<DismissButton onClick={() => void call('app.dismissNotice', { id })} />}
    >
      <b>{message}</b> {hint}
    </Banner>
  ));
}

/** Says that what is on screen is the demo cluster, and leads to adding one's own. */
export function DemoBanner() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a named region of the page, no section of a text
    <div className={classes.banner} role="region" aria-label="Demo cluster">
      <IconInfoCircle size={16} aria-hidden />
      <span>
        <b>Demo cluster.</b> Made-up data, WHMCS too, gone when the console closes.
      </span>
      <span className="oc-space" />
      <Button component={Link} to={newConnectionPath} size="compact-sm">
        Add a cluster
      </Button>
    </div>
  );
}

/** Says on every page that a gateway showed another certificate than the pinned one, until somebody decides. */
export function PinAlarms({ connections }: { connections: readonly Connection[] }) {
  return connections.map(({ id, name, pinAlarm }) => {
    if (!pinAlarm) return null;
    return (
      <Banner
        key={id}
        severity="error"
        role="alert"
        actions={
          <SmallButton component={Link} to={connectionPath(id)} className={buttonClass}>
            Review
          </SmallButton>
        }
      >
        <b>{name} shows another certificate than the pinned one; changes are off.</b> Pinned:{' '}
        <Fingerprint text={pinAlarm.pinned} />. Shown:{' '}
        {pinAlarm.shown === null ? 'none' : <Fingerprint text={pinAlarm.shown} />}. Since{' '}
        <Time value={pinAlarm.at} />.
      </Banner>
    );
  });
}

/** Asks for a missing secret key; opens the dialog at once where it is asked for each time. */
export function SecretBanner({ cluster }: { cluster: Connection }) {
  const { status, refresh } = useSync(cluster.id);
  const [open, setOpen] = useState(Boolean(cluster.askForSecret) && !cluster.hasCredential);
  if (cluster.hasCredential || cluster.demo) return null;
  const { fieldPack, name } = cluster;
  return (
    <Banner
      severity="warning"
      icon={IconKeyOff}
      actions={
        <>
          <SmallButton className={buttonClass} onClick={() => setOpen(true)}>
            Enter the secret key
          </SmallButton>
          {open && (
            <EnterSecretDialog
              connection={cluster}
              onEntered={refresh}
              onClose={() => setOpen(false)}
            />
          )}
        </>
      }
    >
      {fieldPack && fieldPack.asOf === status?.asOf ? (
        <>
          <b>
            {name} as {fieldPack.operator} saw it on {fieldPack.computer},{' '}
            <Time value={fieldPack.asOf} />.
          </b>{' '}
          It was opened from a field pack: changes are added to plans until the secret key is
          entered.
        </>
      ) : (
        <>
          <b>The secret key of {name} is needed;</b> without it the gateway can’t be asked.
        </>
      )}
    </Banner>
  );
}

/** Returns the banner's headline. */
function headline(state: 'failing' | 'offline', noSecret: boolean): string {
  if (state === 'failing') return 'The gateway answers with errors';
  return noSecret ? 'The gateway can’t be asked' : 'The gateway can’t be reached';
}

/**
 * Says on every page of a cluster that its gateway can't be reached or answers with errors, why, and
 * what to do.
 */
export function OfflineBanner({ cluster }: { cluster: Connection }) {
  const { status, refreshing, refresh } = useSync(cluster.id);
  // Before the first reading the page itself says what failed, at length.
  if (status?.state !== 'offline' && status?.state !== 'failing') return null;
  if (status.asOf === null || !status.error || !cluster.hasCredential) return null;
  const failing = status.state === 'failing';
  const noSecret = status.error.code === 'CREDENTIAL_MISSING';
  return (
    <Banner
      severity={failing ? 'warning' : 'error'}
      icon={failing ? IconAlertTriangle : IconCloudOff}
      actions={
        <>
          <QuietButton component={Link} to={connectionPath(cluster.id)} className={buttonClass}>
            {noSecret ? 'Enter the secret key' : 'Connection'}
          </QuietButton>
          <SmallButton className={buttonClass} disabled={refreshing} onClick={refresh}>
            Try again
          </SmallButton>
        </>
      }
    >
      <b>{headline(status.state, noSecret)}; this is what was last seen.</b> {status.error.message}{' '}
      {status.error.hint}
    </Banner>
  );
}

/**
 * Says, once the gateway answers again, which planned changes still apply, and which plans were not
 * compared. Dismissed until the plans are compared again, or the gateway answers again.
 */
export function PlansBanner({ cluster }: { cluster: Connection }) {
  const { status } = useSync(cluster.id);
  const plans = useCall('plans.list', { connectionId: cluster.id }).data ?? [];
  const [dismissed, setDismissed] = useState('');
  const waiting = plans.flatMap(({ run, ...plan }) => {
    const since = plan.comparison?.at ?? plan.compareDueSince;
    return plan.left > 0 && run?.state !== 'running' && since !== null ? [{ ...plan, since }] : [];
  });
  const [first] = waiting;
  const seen = waiting.map(({ since }) => since).join();
  if (!first || status?.state === 'offline' || dismissed === seen) return null;
  const many = waiting.length > 1;
  return (
    <Banner
      severity="information"
      icon={IconClipboardList}
      actions={
        <>
          <SmallButton
            component={Link}
            to={many ? plansPath(cluster.id) : keptPlanPath(cluster.id, first.planId)}
            className={buttonClass}
          >
            Compare and apply
          </SmallButton>
          <DismissButton onClick={() => setDismissed(seen)} />
        </>
      }
    >
      <b>{many ? formatCounted(waiting.length, 'change plan') : `Plan “${first.name}”`}:</b>{' '}
      {waitingWords(waiting)}.
    </Banner>
  );
}

/** Says on every page of a cluster that much shorter lists were held back. */
export function HeldBackBanner({ cluster }: { cluster: Connection }) {
  const { status } = useSync(cluster.id);
  if (!status?.heldBack) return null;
  return (
    <Banner severity="warning" actions={<HeldBackActions connectionId={cluster.id} />}>
      <b>The gateway's last lists lack {missingWords(status.heldBack)}.</b> They were held back;
      what was seen before is shown.
    </Banner>
  );
}
