import type { Answer } from '../model/answer.ts';
import { hasFlag, parameter, type SimulatedRequest } from '../model/simulated-request.ts';
import type { SimulatedBucket } from '../state/bucket-table.ts';
import {
  argumentRefusal,
  methodRefusal,
  noSuchBucket,
  oneSelector,
  type Service,
  type ServiceContext,
  selectedUser,
} from './service-context.ts';

/** `ostor-buckets`: all buckets, those of a user, one, or several by name. Reading only. */
export const bucketsService: Service = (context) => {
  const { request, state, variants } = context;
  if (request.method !== 'GET') throw methodRefusal();
  const multi = variants.multiSelector && hasFlag(request, 'multi');
  const selectors = ['emailAddress', 'id', ...(variants.bucketSelector ? ['bucket'] : [])];
  const selector = oneSelector(request, selectors);
  if (multi && selector !== undefined) throw argumentRefusal('Multiple parameters are specified');
  // As if a proxy had dropped the body and the gateway took that for no names.
  if (multi && variants.multiBody === 'dropped') return bucketsAnswer(context, []);
  if (multi) return bucketsAnswer(context, named(context, namesInBody(request)));
  if (selector === undefined) return allBuckets(context);
  if (selector.name === 'bucket') return oneBucket(context, parameter(request, 'bucket') ?? '');
  return bucketsAnswer(context, state.buckets.readAll(selectedUser(context, 'reading').id));
};

function allBuckets(context: ServiceContext): Answer {
  const { state, variants, lists } = context;
  const { buckets } = state;
  const key = buckets.settling ? null : `${variants.numbers},${buckets.revision}`;
  const body = lists.bytes('buckets', key, { before: '{"Buckets":[', after: ']}' }, () =>
    buckets.readAll().map((bucket) => bucketText(context, bucket)),
  );
  return { status: 200, headers: { 'content-type': 'application/json' }, body, changes: [] };
}

function oneBucket(context: ServiceContext, name: string): Answer {
  const bucket = context.state.buckets.read(name);
  if (bucket === undefined && context.variants.unknownBucket === 'not-found') throw noSuchBucket();
  return bucketsAnswer(context, bucket === undefined ? [] : [bucket]);
}

function namesInBody(request: SimulatedRequest): string[] {
  try {
    const names: unknown = JSON.parse(request.body.toString('utf8'));
    if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  } catch {
    // Answered below, as any other body that is no list of names.
  }
  throw argumentRefusal('The body must be a JSON array of bucket names');
}

function named({ state }: ServiceContext, names: readonly string[]): SimulatedBucket[] {
  return names.map((name) => state.buckets.read(name)).filter((bucket) => bucket !== undefined);
}

function bucketsAnswer(context: ServiceContext, buckets: Iterable<SimulatedBucket>): Answer {
  const texts = [...buckets].map((bucket) => bucketText(context, bucket));
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: [Buffer.from(`{"Buckets":[${texts.join(',')}]}`)],
    changes: [],
  };
}

// Written by hand: half a million of them are made before a list can be sent.
function bucketText({ variants }: ServiceContext, bucket: SimulatedBucket): string {
  const quote = variants.numbers === 'strings' ? '"' : '';
  const size =
    `{"current":${quote}${bucket.currentBytes}${quote},` +
    `"h_integral":${quote}${bucket.byteIntegral}${quote},` +
    `"hmax":${quote}${bucket.peakBytes}${quote},"last_ts":${quote}${bucket.lastHour}${quote}}`;
  const created = new Date(bucket.createdAt).toISOString();
  return `{"size":${size},"epoch":${bucket.epoch},"owner_id":"${bucket.ownerId}","name":${JSON.stringify(bucket.name)},"creation_date":"${created}"}`;
}
