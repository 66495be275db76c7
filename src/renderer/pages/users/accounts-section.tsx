import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconPlus } from '@tabler/icons-react';
import type { KeyHolder } from '../../changes/keys/key-holder.ts';
import { openCreateAccount, openRemoveAccount } from '../../changes/users/account-dialogs.tsx';
import { GuardedButton } from '../../kit/components/guarded-button.tsx';
import classes from '../../kit/detail/detail.module.css';
import type { User } from '../../kit/detail/sections.tsx';
import { useWriteGuard, useWriteHold } from '../../kit/use-write-guard.ts';
import { GenerateButton } from './generate-button.tsx';
import { KeyList } from './key-list.tsx';
import { KeysAge } from './keys-section.tsx';

type Account = User['accounts'][number];

function AccountGroup({ user, account }: { user: User; account: Account }) {
  const guard = useWriteGuard();
  const off = !guard.allowed && !guard.unlockable;
  const holder: KeyHolder = {
    userId: user.userId,
    email: user.email,
    accountName: account.name,
    accessKeyIds: account.keys.map(({ accessKeyId }) => accessKeyId),
  };
  return (
    <div className={classes.group}>
      <div className={classes.row}>
        <span className={`${classes.groupName} ${classes.rowText}`}>{account.name}</span>
        <GenerateButton holder={holder} />
        <span className="oc-number oc-dimmed">{account.keys.length} of 2</span>
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <ActionIcon size={22} aria-label={`Actions on account ${account.name}`}>
              <IconDots size={14} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              color="var(--oc-bad)"
              disabled={off}
              title={off ? guard.reason : undefined}
              onClick={() => openRemoveAccount(user, account.name)}
            >
              Remove account
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <KeyList holder={holder} />
      {account.keys.length === 0 && <p className={classes.note}>No access key.</p>}
    </div>
  );
}

/** The accounts of a user, each with its keys. */
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

/** The button that creates an account. */
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
