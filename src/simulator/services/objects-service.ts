import { createHash } from 'node:crypto';
import { type Answer, emptyAnswer, Refusal } from '../model/answer.ts';
import { decodePercent } from '../model/simulated-request.ts';
import type { SimulatedBucket } from '../state/bucket-table.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import {
  methodRefusal,
  noSuchBucket,
  type Service,
  type ServiceContext,
} from './service-context.ts';

const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Ordinary S3, path style, as far as the console needs it: buckets and single objects. */
export const objectsService: Service = (context) => {
  const [, name = '', ...rest] = context.request.path.split('/').map(decodePercent);
  const key = rest.join('/');
  if (name === '') throw new Refusal(501, 'NotImplemented', 'The request is not implemented');
  return key === '' ? bucketAnswer(context, name) : objectAnswer(context, name, key);
};

function mayUse({ caller, variants }: ServiceContext, bucket: SimulatedBucket): boolean {
  return bucket.ownerId === caller.userId || (caller.system && variants.systemUserWritesObjects);
}

function accessDenied(): Refusal {
  return new Refusal(403, 'AccessDenied', 'Access Denied');
}

function bucketAnswer(context: ServiceContext, name: string): Answer {
  const { buckets } = context.state;
  const bucket = buckets.get(name);
  switch (context.request.method) {
    case 'PUT':
      return createBucket(context, name);
    case 'DELETE':
      if (bucket === undefined) throw noSuchBucket();
      return removeBucket(context, bucket);
    case 'HEAD':
      if (bucket === undefined) throw noSuchBucket();
      if (!mayUse(context, bucket)) throw accessDenied();
      return emptyAnswer();
    default:
      throw methodRefusal();
  }
}

function createBucket({ state, caller }: ServiceContext, name: string): Answer {
  if (!bucketName.test(name)) {
    throw new Refusal(400, 'InvalidBucketName', 'The specified bucket is not valid.');
  }
  if (state.buckets.get(name) !== undefined) {
    throw new Refusal(409, 'BucketAlreadyExists', 'The requested bucket name is not available.');
  }
  const sizes = { currentBytes: 0n, peakBytes: 0n, byteIntegral: 0n };
  const now = Date.now();
  const lastHour = Math.floor(now / 3_600_000);
  state.buckets.add({
    name,
    ownerId: caller.userId,
    epoch: 0,
    createdAt: now,
    lastHour,
    ...sizes,
  });
  return emptyAnswer([{ kind: 'bucket.created', target: name }]);
}

/** Takes a bucket away with its limits and quota. */
export function removeBucketOf(state: ClusterState, name: string): void {
  state.buckets.remove(name);
  state.limits.delete(`bucket:${name}`);
  state.quotas.delete(`bucket:${name}`);
}

function removeBucket(
  { state, caller, variants }: ServiceContext,
  bucket: SimulatedBucket,
): Answer {
  const asSystem = caller.system && variants.systemUserDeletesBuckets;
  if (bucket.ownerId !== caller.userId && !asSystem) throw accessDenied();
  if (bucket.currentBytes > 0n) {
    throw new Refusal(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty.');
  }
  removeBucketOf(state, bucket.name);
  const changes = [{ kind: 'bucket.removed', target: bucket.name }];
  return { status: 204, headers: {}, body: [], changes };
}

function objectAnswer(context: ServiceContext, name: string, key: string): Answer {
  const bucket = context.state.buckets.get(name);
  if (bucket === undefined) throw noSuchBucket();
  if (!mayUse(context, bucket)) throw accessDenied();
  switch (context.request.method) {
    case 'PUT':
      return putObject(context, bucket, key);
    case 'GET':
    case 'HEAD':
      return getObject(context, `${name}/${key}`);
    case 'DELETE':
      return deleteObject(context, bucket, key);
    default:
      throw methodRefusal();
  }
}

function resize({ state }: ServiceContext, bucket: SimulatedBucket, added: number): void {
  const hour = Math.floor(Date.now() / 3_600_000);
  state.buckets.resize(bucket.name, bucket.currentBytes + BigInt(added), hour);
}

function putObject(context: ServiceContext, bucket: SimulatedBucket, key: string): Answer {
  const { request, state } = context;
  const digest = createHash('md5').update(request.body).digest();
  const declared = request.headers['content-md5'];
  if (declared !== undefined && declared !== digest.toString('base64')) {
    throw new Refusal(
      400,
      'BadDigest',
      'The Content-MD5 you specified did not match what we received.',
    );
  }
  const target = `${bucket.name}/${key}`;
  const former = state.objects.get(target)?.body.length ?? 0;
  const contentType = request.headers['content-type'] ?? 'binary/octet-stream';
  state.objects.set(target, { body: request.body, contentType });
  resize(context, bucket, request.body.length - former);
  return {
    ...emptyAnswer([{ kind: 'object.put', target, detail: String(request.body.length) }]),
    headers: { etag: `"${digest.toString('hex')}"` },
  };
}

function getObject({ request, state }: ServiceContext, target: string): Answer {
  const object = state.objects.get(target);
  if (object === undefined) {
    throw new Refusal(404, 'NoSuchKey', 'The specified key does not exist.');
  }
  return {
    status: 200,
    headers: { 'content-type': object.contentType },
    body: request.method === 'HEAD' ? [] : [object.body],
    changes: [],
  };
}

function deleteObject(context: ServiceContext, bucket: SimulatedBucket, key: string): Answer {
  const target = `${bucket.name}/${key}`;
  const object = context.state.objects.get(target);
  if (object === undefined) return { status: 204, headers: {}, body: [], changes: [] };
  context.state.objects.delete(target);
  resize(context, bucket, -object.body.length);
  return {
    status: 204,
    headers: {},
    body: [],
    changes: [{ kind: 'object.removed', target }],
  };
}
