import { type Answer, jsonTextAnswer, Refusal } from '../model/answer.ts';
import { parameter } from '../model/simulated-request.ts';
import type { UsageRecord } from '../state/usage-object.ts';
import {
  deletedAnswer,
  methodRefusal,
  type Service,
  type ServiceContext,
} from './service-context.ts';
import { listUsageObjects } from './usage-list.ts';
import { usageObjectText } from './usage-views.ts';

/** `ostor-usage`: list with paging, one object, removal. */
export const usageService: Service = (context) => {
  const { method } = context.request;
  const name = parameter(context.request, 'obj');
  if (method === 'GET') {
    return name === undefined ? listUsageObjects(context) : readObject(context, name);
  }
  if (method !== 'DELETE') throw methodRefusal();
  return name === undefined ? removeEverything(context) : removeObject(context, name);
};

function existing({ state }: ServiceContext, name: string): UsageRecord {
  const record = state.usage.find(name);
  if (record === undefined) {
    throw new Refusal(404, 'NoSuchKey', 'The specified statistics object does not exist');
  }
  return record;
}

function readObject(context: ServiceContext, name: string): Answer {
  const { state, variants } = context;
  const record = existing(context, name);
  const { period, items } = state.usage.fetch(record, variants.usageChanges);
  return jsonTextAnswer(usageObjectText(variants, record, period, items));
}

function removeObject(context: ServiceContext, name: string): Answer {
  const record = existing(context, name);
  context.state.usage.remove(record.name);
  return deletedAnswer(context.variants, [{ kind: 'usage.removed', target: record.name }]);
}

// The reference calls `obj` optional. What a gateway does without is not known: the worst is assumed.
function removeEverything(context: ServiceContext): Answer {
  const names = context.state.usage.names();
  for (const name of names) context.state.usage.remove(name);
  return deletedAnswer(
    context.variants,
    names.map((target) => ({ kind: 'usage.removed', target })),
  );
}
