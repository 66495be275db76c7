import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconDots, IconEye, IconGauge, IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import {
  holderName,
  type KeyHolder,
  openGenerate,
  openRevoke,
  openRotate,
} from '../../changes/keys/key-dialogs.tsx';
import { openReveal } from '../../changes/keys/reveal-secret.tsx';
import { LimitsSection } from '../../changes/limits/limits-section.tsx';
import { openCreateAccount, openRemoveAccount } from '../../changes/users/account-dialogs.tsx';
import { bucketPath, clusterPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes, NotCounted } from '../../kit/components/bytes.tsx';
import { CallError } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { GuardedButton, useWriteHold } from '../../kit/components/guarded-button.tsx';
import { CopyButton } from '../../kit/components/identifier.tsx';
import { ShowMore } from '../../kit/components/show-more.tsx';
import { Time } from '../../kit/components/time.tsx';
import classes from '../../kit/detail/detail.module.css';
import type { User } from '../../kit/detail/sections.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useOfferOnScreen } from '../../kit/stores/on-screen.ts';
import type { RowOf } from '../../lists/table/use-paged-rows.ts';

function userAsHolder({ userId, email, keys }: User): KeyHolder {
  return { userId, email, accessKeyIds: keys.map(({ accessKeyId }) => accessKeyId) };
}

/** Shows why there are no keys, or when they were read. */
function KeysAge({ subject: user }: { subject: User }) {
  if (user.keysUnreadable) {
    const { message, hint } = user.keysUnreadable;
    return (
      <p className={classes.note}>
        The keys and accounts of this user can’t be read. {message} {hint}
      </p>
    );
  }
  if (user.keysAsOf === null && user.waiting) {
    return (
      <p className={classes.note} role="status">
        The gateway is slow; its keys are still being read …
      </p>
    );
  }
  if (user.keysAsOf === null) {
    return (
      <p className={classes.note}>
        The keys of this user were never read: its page has not been opened while the gateway
        answered.
      </p>
    );
  }
  if (user.source === 'gateway') return null;
  return (
    <p className={classes.note}>
      As read <Time value={user.keysAsOf} as="age" />.
    </p>
  );
}

export function Keys({ subject: user }: { subject: User }) {
  return (
    <>
      <KeyList holder={userAsHolder(user)} />
      {user.keysAsOf !== null && user.keys.length === 0 && (
        <p className={classes.note}>This user has no access key, so it can’t sign in.</p>
      )}
      <KeysAge subject={user} />
    </>
  );
}

/** Shows how many keys the user has, and the button that generates one. */
export function KeysAside({ subject: user }: { subject: User }) {
  if (user.keysAsOf === null) return null;
  return (
    <>
      <GenerateButton holder={userAsHolder(user)} />{' '}
      <span className="oc-number">{user.keys.length} of 2</span>
    </>
  );
}

/** Generates a key pair; off, with the reason, where both slots are taken or writes are off. */
function GenerateButton({ holder }: { holder: KeyHolder }) {
  const hold = useWriteHold();
  const full = holder.accessKeyIds.length >= 2;
  return (
    <GuardedButton
      size="compact-xs"
      variant="subtle"
      leftSection={<IconPlus size={12} />}
      label={`Generate key for ${holderName(holder)}`}
      reason={
        full
          ? 'Both slots are taken, which is the most the gateway allows. Rotate a key, or revoke one first. (KEY_LIMIT_REACHED)'
          : hold
      }
      onClick={() => openGenerate(holder)}
    >
      Generate key
    </GuardedButton>
  );
}

function KeyList({ holder }: { holder: KeyHolder }) {
  return holder.accessKeyIds.map((accessKeyId) => (
    <KeyEntry key={accessKeyId} holder={holder} accessKeyId={accessKeyId} />
  ));
}

function KeyEntry({ holder, accessKeyId }: { holder: KeyHolder; accessKeyId: string }) {
  const hold = useWriteHold();
  const off = hold === null ? {} : { disabled: true, title: hold };
  useOfferOnScreen(() =>
    [
      {
        label: `Rotate access key ${accessKeyId}`,
        keywords: 'replace renew reset',
        reason: hold,
        start: () => openRotate(holder, accessKeyId),
      },
      {
        label: `Revoke access key ${accessKeyId}`,
        keywords: 'delete remove',
        reason: hold,
        start: () => openRevoke(holder, accessKeyId),
      },
    ].map((action) => ({ ...action, id: action.label, ofPart: true })),
  );
  return (
    <div className={classes.row}>
      <IconKey size={14} className="oc-faint" aria-hidden />
      <span className={`oc-mono ${classes.rowText}`}>{accessKeyId}</span>
      <CopyButton value={accessKeyId} label={`Copy access key id ${accessKeyId}`} />
      <Tooltip label="Reveal secret">
        <ActionIcon
          size={24}
          aria-label={`Reveal secret of ${accessKeyId}`}
          onClick={() => openReveal(holder, accessKeyId)}
        >
          <IconEye size={14} />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon size={24} aria-label={`Actions on key ${accessKeyId}`}>
            <IconDots size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item {...off} onClick={() => openRotate(holder, accessKeyId)}>
            Rotate access key
          </Menu.Item>
          <Menu.Item color="var(--oc-bad)" {...off} onClick={() => openRevoke(holder, accessKeyId)}>
            Revoke access key
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

type Account = User['accounts'][number];

function AccountGroup({ user, account }: { user: User; account: Account }) {
  const hold = useWriteHold();
  const holder: KeyHolder = {
    userId: user.userId,
    email: user.email,
    accountName: account.name,
    accessKeyIds: account.keys.map(({ accessKeyId }) => accessKeyId),
  };
  const label = `Delete account ${account.name}`;
  const remove = () => openRemoveAccount(user, account.name);
  useOfferOnScreen(() => [{ id: label, label, ofPart: true, reason: hold, start: remove }]);
  return (
    <div className={classes.group}>
      <div className={classes.row}>
        <span className={`${classes.groupName} ${classes.rowText}`}>{account.name}</span>
        <GenerateButton holder={holder} />
        <span className="oc-number oc-dimmed">{account.keys.length} of 2</span>
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <ActionIcon size={24} aria-label={`Actions on account ${account.name}`}>
              <IconDots size={14} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              color="var(--oc-bad)"
              disabled={hold !== null}
              title={hold ?? undefined}
              onClick={remove}
            >
              Delete account
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <KeyList holder={holder} />
      {account.keys.length === 0 && <p className={classes.note}>No access key.</p>}
    </div>
  );
}

export function Accounts({ subject: user }: { subject: User }) {
  if (user.keysAsOf === null) return <KeysAge subject={user} />;
  if (user.accounts.length === 0) {
    return (
      <p className={classes.note}>
        No accounts. An account is a further set of access keys inside this user.
      </p>
    );
  }
  return user.accounts.map((account) => (
    <AccountGroup key={account.name} user={user} account={account} />
  ));
}

export function CreateAccount({ subject: user }: { subject: User }) {
  return (
    <GuardedButton
      size="compact-xs"
      variant="subtle"
      leftSection={<IconPlus size={12} />}
      reason={useWriteHold()}
      onClick={() => openCreateAccount(user)}
    >
      Create account
    </GuardedButton>
  );
}

const firstBuckets = 8;
const moreBuckets = 100;

/** The largest buckets of a user, each with its quota and limits in place. */
export function Buckets({ subject: user }: { subject: User }) {
  return <BucketList key={user.userId} user={user} />;
}

function BucketList({ user }: { user: User }) {
  const cluster = useCluster();
  const [limit, setLimit] = useState(firstBuckets);
  const input = {
    connectionId: cluster.id,
    ownerId: user.userId,
    sort: { by: 'currentBytes' as const, descending: true },
    offset: 0,
    limit,
  };
  const query = useCall('buckets.list', input, { keepPrevious: true });
  if (!query.data) return <CallError call={query} compact />;
  const { rows, total } = query.data;
  if (total === 0 && user.bucketCount === null) {
    return (
      <p className={classes.note}>
        This user is newer than the bucket list. Refresh to count its buckets.
      </p>
    );
  }
  if (total === 0) return <p className={classes.note}>This user owns no bucket.</p>;
  return (
    <>
      <CallError call={query} compact />
      {rows.map((bucket) => (
        <BucketEntry key={bucket.name} bucket={bucket} />
      ))}
      {total > rows.length && (
        <div className={classes.row}>
          <ShowMore
            {...{ shown: rows.length, total, step: moreBuckets, onLimit: setLimit }}
            rest="The Buckets page lists the others."
          />
          <Link
            className={classes.more}
            to={`${clusterPath(cluster.id, 'buckets')}?owner=${user.userId}&sort=-currentBytes`}
          >
            All {formatCounted(total, 'bucket')}
          </Link>
        </div>
      )}
    </>
  );
}

function BucketEntry({ bucket }: { bucket: RowOf<'buckets.list'> }) {
  const cluster = useCluster();
  const [open, setOpen] = useState(false);
  const { name, currentBytes } = bucket;
  const label = `Quota and limits of ${name}`;
  return (
    <>
      <div className={classes.row}>
        <Link className={`${classes.rowText} oc-truncate`} to={bucketPath(cluster.id, name)}>
          {name}
        </Link>
        <Bytes value={currentBytes} source="from the bucket list" />
        <Tooltip label="Quota and limits">
          <ActionIcon
            size={24}
            aria-label={label}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <IconGauge size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      {open && (
        <section className={classes.inset} aria-label={label}>
          <LimitsSection target={{ bucket: name }} bytes={currentBytes} />
        </section>
      )}
    </>
  );
}

export function BucketCount({ subject: user }: { subject: User }) {
  if (user.bucketCount === null) return <NotCounted />;
  return <span className="oc-number">{formatCount(user.bucketCount)}</span>;
}
