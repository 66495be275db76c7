import type { KeyHolder } from '../../changes/keys/key-holder.ts';
import { Time } from '../../kit/components/time.tsx';
import classes from '../../kit/detail/detail.module.css';
import type { User } from '../../kit/detail/sections.tsx';
import { GenerateButton } from './generate-button.tsx';
import { KeyList } from './key-list.tsx';

/** The user itself as holder of keys. */
export function userAsHolder({ userId, email, keys }: User): KeyHolder {
  return { userId, email, accessKeyIds: keys.map(({ accessKeyId }) => accessKeyId) };
}

/** Says why there are no keys to show, or from when they are. */
export function KeysAge({ subject: user }: { subject: User }) {
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

/** The user's own access keys. */
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

/** How many keys the user has, and the button that generates one. */
export function KeysAside({ subject: user }: { subject: User }) {
  if (user.keysAsOf === null) return null;
  return (
    <>
      <GenerateButton holder={userAsHolder(user)} />{' '}
      <span className="oc-number">{user.keys.length} of 2</span>
    </>
  );
}
