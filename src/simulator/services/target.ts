import {
  argumentRefusal,
  noSuchBucket,
  oneSelector,
  type ServiceContext,
  selectedUser,
} from './service-context.ts';

/**
 * What a limit or quota hangs on, as a key of the state: `user:<id>`, `bucket:<name>` or, where the
 * service has defaults, `default:user` and `default:bucket`. Throws 400 without exactly one selector,
 * 404 where the target does not exist.
 */
export function targetKey(
  context: ServiceContext,
  view: 'now' | 'reading',
  selectors: readonly string[],
): string {
  const selector = oneSelector(context.request, selectors);
  if (selector === undefined) throw argumentRefusal('A user or a bucket is required');
  const { name, value } = selector;
  if (name === 'default') {
    if (value !== 'user' && value !== 'bucket') throw argumentRefusal('default is user or bucket');
    return `default:${value}`;
  }
  if (name !== 'bucket') return `user:${selectedUser(context, view).id}`;
  const { buckets } = context.state;
  const bucket = view === 'now' ? buckets.get(value) : buckets.read(value);
  if (bucket === undefined) throw noSuchBucket();
  return `bucket:${bucket.name}`;
}
