import { z } from 'zod';
import { withoutInvisible } from '../plain-text.ts';
import { userId } from './define.ts';

export const bucketName = z.string().min(1).max(255);

export const emailAddress = z
  .string()
  .overwrite(withoutInvisible)
  .min(3)
  .max(320)
  .regex(/^[^\s@,;<>"]+@[^\s@,;<>"]+$/, 'an e-mail address has the form name@domain');

/** Name of an account (further credentials inside one user). */
export const accountName = z
  .string()
  .trim()
  .min(1)
  .max(128)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'an account name has no control characters');

/** Id of an access key: the user's id and four characters. */
export const accessKeyId = z
  .string()
  .overwrite(withoutInvisible)
  .regex(/^[A-Za-z0-9]{1,128}$/);

export const limitTarget = z.union([
  z.strictObject({ user: userId }),
  z.strictObject({ bucket: bucketName }),
]);

/** What quotas hang on: one user, one bucket, or the default of all users or all buckets. */
export const quotaTarget = z.union([
  z.strictObject({ user: userId }),
  z.strictObject({ bucket: bucketName }),
  z.strictObject({ default: z.enum(['user', 'bucket']) }),
]);

/** What an operation changes, as journal, preview and bulk rows name it. */
export const operationTarget = z.object({
  kind: z.enum(['user', 'account', 'bucket', 'default']),
  /** User id, bucket name, or `user` / `bucket` for a default. */
  id: z.string(),
  /** What the operator knows it by: e-mail, bucket name, `account of e-mail`. */
  name: z.string(),
});
