import type { WireInteger64 } from '#shared/wire/clusters.ts';
import type { KeyHolder } from '../authentication/authenticate.ts';
import { type Answer, Refusal } from '../model/answer.ts';
import { parameter, type SimulatedRequest } from '../model/simulated-request.ts';
import type { Variants } from '../model/variants.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { SimulatedUser } from '../state/user-table.ts';

const itemsAPart = 2000;

/**
 * Keeps the bytes of long lists, so that a benchmark of a client does not measure the simulator.
 * A list is made again when its key changes (revision of the data, variants that shape it).
 */
export class ListCache {
  private readonly lists = new Map<string, { key: string; parts: readonly Uint8Array[] }>();

  /**
   * The bytes of a JSON list in parts.
   * @param name which list; one version of each is kept
   * @param key what it depends on, or null to keep nothing
   */
  bytes(
    name: string,
    key: string | null,
    frame: { before: string; after: string },
    items: () => Iterable<string>,
  ): readonly Uint8Array[] {
    const known = this.lists.get(name);
    if (key !== null && known?.key === key) return known.parts;
    const parts = encodeList(frame, items());
    if (key !== null) this.lists.set(name, { key, parts });
    return parts;
  }
}

function encodeList(frame: { before: string; after: string }, items: Iterable<string>): Buffer[] {
  const parts: Buffer[] = [];
  let pending: string[] = [];
  let before = frame.before;
  for (const item of items) {
    pending.push(item);
    if (pending.length < itemsAPart) continue;
    parts.push(Buffer.from(before + pending.join(',')));
    before = ',';
    pending = [];
  }
  const rest = pending.length === 0 && before === ',' ? '' : before + pending.join(',');
  parts.push(Buffer.from(rest + frame.after));
  return parts;
}

export interface ServiceContext {
  request: SimulatedRequest;
  caller: KeyHolder;
  state: ClusterState;
  variants: Variants;
  lists: ListCache;
}

/** One service of the gateway. Throws a {@link Refusal} where it refuses. */
export type Service = (context: ServiceContext) => Answer;

/** A service that does one thing for each method, and refuses the others. */
export function byMethod(services: Readonly<Record<string, Service>>): Service {
  return (context) => {
    const { method } = context.request;
    const service = Object.hasOwn(services, method) ? services[method] : undefined;
    if (!service) throw methodRefusal();
    return service(context);
  };
}

export function methodRefusal(): Refusal {
  return new Refusal(
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
  );
}

export function argumentRefusal(message: string): Refusal {
  return new Refusal(400, 'InvalidArgument', message);
}

/** The one selector given of those allowed; undefined where none is. Several are refused with 400. */
export function oneSelector(
  request: SimulatedRequest,
  allowed: readonly string[],
): { name: string; value: string } | undefined {
  const given = allowed.flatMap((name) => {
    const value = parameter(request, name);
    return value === undefined ? [] : [{ name, value }];
  });
  if (given.length > 1) throw argumentRefusal('Multiple parameters are specified');
  return given[0];
}

/** The user a request selects by `emailAddress` or `id`. Throws 400 without, 404 where there is none. */
export function selectedUser(context: ServiceContext, view: 'now' | 'reading'): SimulatedUser {
  const selector = oneSelector(context.request, ['emailAddress', 'id']);
  if (selector === undefined) throw argumentRefusal('emailAddress or id is required');
  const { users } = context.state;
  const user =
    selector.name === 'id'
      ? view === 'now'
        ? users.byId.get(selector.value)
        : users.byId.read(selector.value)
      : view === 'now'
        ? users.withEmail(selector.value)
        : users.readWithEmail(selector.value);
  if (user === undefined) throw noSuchUser();
  return user;
}

function noSuchUser(): Refusal {
  return new Refusal(404, 'NoSuchUser', 'The specified user does not exist');
}

export function noSuchBucket(): Refusal {
  return new Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist');
}

/** An integer in the variant's form: a JSON number or a string. */
export function integer(variants: Variants, value: bigint | number): WireInteger64 {
  return variants.numbers === 'strings' ? value.toString() : value;
}

/** The answer of an accomplished deletion, in the variant's form. */
export function deletedAnswer(variants: Variants, changes: Answer['changes']): Answer {
  const type = variants.deletedContentType;
  return {
    status: variants.deletedStatus,
    headers: type === 'none' ? {} : { 'content-type': type },
    body: [],
    changes,
  };
}
