import { AppError } from '#shared/errors.ts';
import { formatBytes, toWireInteger } from '#shared/units.ts';
import type {
  Gateway,
  GatewayBucket,
  UserNaming,
  UserSelector,
} from '../../../gateway/model/gateway.ts';
import type { KeyPair } from '../../../gateway/model/request.ts';
import { bucketRequest, removeBucketRequest } from '../../../gateway/requests/buckets.ts';
import { nameOf, selectorOf, userReading } from './naming.ts';
import type { Operation } from './operation.ts';

interface BucketState {
  bucket: GatewayBucket;
  /** How its owner is named, where the owner signs; else null. */
  owner: UserNaming | null;
  gone: boolean;
}

/** Removes an empty bucket. The console never empties one. */
export const removeBucket: Operation<'buckets.remove', BucketState> = {
  name: 'buckets.remove',
  title: 'Delete bucket',
  destructive: true,
  creates: false,
  topics: ['buckets', 'users'],
  async read({ name, asOwner }, reader) {
    const bucket = await reader.bucket(name);
    return { bucket, owner: asOwner ? await reader.naming(bucket.ownerId) : null, gone: false };
  },
  naming: (_input, { owner }) => owner,
  async readBack({ name }, before, reader) {
    try {
      return { ...before, bucket: await reader.bucket(name), gone: false };
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'NOT_FOUND') {
        return { ...before, gone: true };
      }
      throw thrown;
    }
  },
  describe: ({ name }, { bucket }) => ({
    target: { kind: 'bucket', id: name, name },
    before: { bucket: name, owner: bucket.ownerId, currentBytes: String(bucket.currentBytes) },
    after: { bucket: null, owner: null, currentBytes: null },
  }),
  refusal: ({ sizeIsOld }, { bucket }) =>
    bucket.currentBytes !== 0n && !sizeIsOld ? notEmpty(bucket) : null,
  warnings: ({ asOwner }, { bucket }) => [
    ...(asOwner
      ? ['This one request is signed with the own key of the owner, which is then forgotten.']
      : []),
    ...(bucket.currentBytes !== 0n
      ? [
          `At its last accounting the bucket held ${sizeWords(bucket)}; the gateway refuses while it holds any.`,
        ]
      : []),
  ],
  impact: async (_input, { bucket }) => ({
    buckets: 1,
    bytes: toWireInteger(bucket.currentBytes),
    keys: 0,
  }),
  readings({ name }, { owner }, purpose) {
    const listed = bucketRequest(name);
    if (owner === null || purpose === 'verify') return [listed];
    const reading = userReading({ naming: owner });
    return [listed, reading, reading, reading]; // who it is, whether it can sign, the secret of its key
  },
  requests: ({ name, asOwner }) => [removeBucketRequest(name, asOwner ? 'owner' : undefined)],
  adminCommands: () => [],
  signer: async (_input, { bucket, owner }, gateway) =>
    owner ? ownerKey(gateway, bucket, selectorOf(owner)) : undefined,
  happened: (_input, _before, { gone }) => gone,
  learned: ({ name }, { gone }) =>
    gone ? [{ part: 'gone', target: { kind: 'bucket', id: name } }] : [],
  value: async (_input, { before, reader }) => reader.bucketView(before.bucket),
  inverse: () => null,
  explain(error, { asOwner }, { bucket }) {
    if (error.code === 'BUCKET_NOT_EMPTY') return notEmpty(bucket, error);
    if (error.code !== 'ACCESS_DENIED' || asOwner) return error;
    return new AppError({
      ...error.toData(),
      message: `The gateway refuses to let the system user delete the bucket ${bucket.name}.`,
      hint: "Only its owner may. You can have this one request signed with the owner's own key.",
      details: { ...error.details, asOwner: true, ownerId: bucket.ownerId },
    });
  },
};

/** The first key of the owner: fetched for one request and forgotten. */
async function ownerKey(
  gateway: Gateway,
  { name }: GatewayBucket,
  selector: UserSelector,
): Promise<KeyPair> {
  const owner = await gateway.getUser(selector);
  const [accessKeyId] = owner.accessKeyIds;
  if (owner.state !== 'disabled' && accessKeyId !== undefined) {
    return gateway.revealKey(selector, accessKeyId);
  }
  throw new AppError({
    code: 'ACCESS_DENIED',
    message: `The owner of the bucket ${name} (${nameOf(owner)}) cannot sign: ${
      accessKeyId === undefined ? 'it has no access key' : 'it is disabled'
    }. Nothing was sent.`,
    hint: 'Enable the owner or generate a key for it, then delete the bucket as its owner.',
  });
}

/** Its size in words; an impossible figure does not count as zero. */
function sizeWords({ currentBytes }: GatewayBucket): string {
  return currentBytes === null ? 'an unknown number of bytes' : formatBytes(currentBytes);
}

function notEmpty(bucket: GatewayBucket, said?: AppError): AppError {
  const size = sizeWords(bucket);
  const nothingSent = said ? '' : '; nothing was sent';
  return new AppError({
    ...(said?.toData() ?? {}),
    code: 'BUCKET_NOT_EMPTY',
    message: `The bucket ${bucket.name} is not empty: ${size} at its last accounting${nothingSent}.`,
    hint: said
      ? 'Let its owner empty it with an S3 client; the console never empties a bucket.'
      : 'Let its owner empty it with an S3 client; the console never empties a bucket. Sizes lag by an hour: if it is empty now, confirm that and let the gateway decide.',
    details: {
      currentBytes: toWireInteger(bucket.currentBytes),
      lastHour: bucket.lastHour,
      ...(said ? {} : { sizeIsOld: true }),
    },
  });
}
