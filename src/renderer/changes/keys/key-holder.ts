import type { DialogSubject } from '../operation/dialog-target.tsx';

/** Whose keys: a user's own, or with `accountName` those of one of its accounts. */
export interface KeyHolder {
  userId: string;
  email: string;
  accountName?: string;
  /** Key ids held now, two at most. */
  accessKeyIds: readonly string[];
}

/** The holder in words: `anna@example.com`, `backup of anna@example.com`. */
export function holderName({ email, userId, accountName }: KeyHolder): string {
  const user = email === '' ? userId : email;
  return accountName === undefined ? user : `${accountName} of ${user}`;
}

/** The part of a call's input that names the holder. */
export function holderInput({ userId, accountName }: KeyHolder): {
  userId: string;
  accountName?: string;
} {
  return { userId, ...(accountName === undefined ? {} : { accountName }) };
}

/** The holder as what a dialog is about. */
export function holderSubject(holder: KeyHolder): DialogSubject {
  const kind = holder.accountName === undefined ? 'user' : 'account';
  return { kind, id: holder.userId, name: holderName(holder) };
}
