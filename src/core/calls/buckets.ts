import type { HandlersOf } from '#shared/contract/index.ts';
import { bucketView } from '../changes/operations/live-reader.ts';
import type { Clusters } from '../clusters/clusters.ts';
import { answerOrCached, type GatewayQuestions } from '../clusters/refresh/gateway-questions.ts';

export function bucketsHandlers({
  clusters,
  questions,
}: {
  clusters: Clusters;
  questions: GatewayQuestions;
}): Pick<HandlersOf<'buckets'>, 'buckets.list' | 'buckets.get' | 'buckets.several'> {
  return {
    'buckets.list': async ({ connectionId, ...query }) => {
      const cluster = await clusters.get(connectionId);
      return (await cluster.snapshot()).ask('buckets', query);
    },
    'buckets.get': async ({ connectionId, name }, { signal }) => {
      const cluster = await clusters.get(connectionId);
      const snapshot = await cluster.snapshot();
      const answer = await questions.ask({
        cluster,
        signal,
        about: `bucket/${name}`,
        topics: ['buckets'],
        ask: (gateway, limit) => gateway.getBucket(name, { signal: limit }),
      });
      return answerOrCached(
        answer,
        async (bucket) => ({
          ...(await bucketView(snapshot, bucket)),
          asOf: new Date().toISOString(),
        }),
        () => snapshot.ask('bucket', name),
      );
    },
    'buckets.several': async ({ connectionId, names }, { signal }) => {
      const cluster = await clusters.get(connectionId);
      const snapshot = await cluster.snapshot();
      const wanted = [...new Set(names)];
      const found = await (await cluster.gateway()).getBuckets(wanted, { signal });
      const present = new Set(found.map(({ name }) => name));
      return {
        rows: await Promise.all(found.map((bucket) => bucketView(snapshot, bucket))),
        missing: wanted.filter((name) => !present.has(name)),
        asOf: new Date().toISOString(),
      };
    },
  };
}
