/** The signatures a gateway can take: V2 in its two documented forms, and V4. */
export type SignatureForm = 'v2' | 'v2-unsigned-payload' | 'v4';

/**
 * What is known to differ between gateways, or is not certain about them. Each is one switch; the
 * defaults are the tolerant gateway of `profiles.ts`. They can be changed while the simulator runs.
 */
export interface Variants {
  /** Signatures taken. */
  accept: readonly SignatureForm[];
  /** A form that is not taken: 403 `SignatureDoesNotMatch`, as a wrong one is, or `AccessDenied`. */
  refusedForm: 'mismatch' | 'denied';
  /** Region a V4 scope must name, or `any`. */
  region: string;
  /** Parameters that the guide does not name (`id`, `space`, `after` …): taken, 400, or not looked at. */
  undocumented: 'taken' | 'refused' | 'overlooked';
  /** What a raw `+` in a query value means. */
  plusInQuery: 'space' | 'literal';
  /** How an error says what it is. */
  errorForm: 'xml-and-header' | 'xml' | 'header' | 'empty' | 'json';
  /** Whether lists and objects come chunked or with a `Content-Length`. */
  transfer: 'chunked' | 'length';
  /** Status of an accomplished deletion: the references print `203 No Content` once. */
  deletedStatus: 203 | 204;
  /** Content type sent with a 204, which has no body. */
  deletedContentType: 'application/json' | 'application/xml' | 'none';
  /** Integers of buckets, space and usage as JSON numbers or as strings. */
  numbers: 'integers' | 'strings';
  /** Whether answers have a `Date`. */
  dateHeader: 'sent' | 'none';
  /** Whether a request whose clock differs by more than 15 minutes is refused, or its clock ignored. */
  clockSkew: 'refused' | 'ignored';
  /** Milliseconds for which readings still show the state before a write. */
  staleMs: number;

  /** User list: bare array, inside `Users` or `users`, or the 2.0 array with keys **and secrets**. */
  userList: 'array' | 'Users' | 'users' | 'array-with-secrets';
  /** Single user: as the guide, or only e-mail, id and keys as in 2.0. */
  userDetail: 'full' | 'keys-only';
  /** Whether the flag `space` adds `SpaceStat` to the user list; older gateways ignore it. */
  space: boolean;
  /** Leave `SpaceStat` out for users without buckets. */
  spaceOmittedWhenEmpty: boolean;
  /** Spell the second key of an account `AWSecretAccessKey`, as the guide's sample does. */
  secretKeyTypo: boolean;
  /** `AccountCount` as the guide's string or as a number. */
  accountCount: 'string' | 'number';
  /** Creating a user with an e-mail that is taken. */
  existingEmail: 'conflict' | 'second-user' | 'existing-user';
  /** What `genKey` returns: the new pair, or every pair. */
  generatedKeys: 'new' | 'all';
  /** Whether POST ostor-users takes `id`; where not, 400. */
  postById: boolean;
  /** Whether the last pair of a user can be revoked. */
  revokeLastKey: boolean;
  /** Status of a refused third pair. */
  keyLimitStatus: 400 | 403 | 409;
  /** Status of the refused removal of a user who owns buckets. */
  userOwnsBucketsStatus: 400 | 403 | 409;

  /** Whether GET ostor-buckets knows `bucket`; older gateways ignore it and list all. */
  bucketSelector: boolean;
  /** Whether GET ostor-buckets knows `multi`; older gateways ignore it and list all. */
  multiSelector: boolean;
  /** Whether the body of a `multi` arrives, or is dropped on the way, so that no bucket is named. */
  multiBody: 'arrives' | 'dropped';
  /** The answer to a `bucket` that does not exist: 404, or an empty list. */
  unknownBucket: 'not-found' | 'empty-list';
  /** Whether the system user may delete a bucket it does not own; where not, 403. */
  systemUserDeletesBuckets: boolean;
  /** Whether the system user may write and read objects of others' buckets; where not, 403. */
  systemUserWritesObjects: boolean;

  /** GET of limits where none are set. */
  limitsUnset: 'not-found' | 'error' | 'zeros';
  /** What DELETE of limits leaves: nothing, or zeros that are set. */
  limitsDeleted: 'unset' | 'zeros';
  /** PUT syntaxes understood: `limit-type` …, and the older `ops`/`bandwidth` flags in ops a minute. */
  limitSyntax: 'both' | 'new' | 'old';
  /** Whether a PUT of one resource sets the others to zero. */
  limitPutResetsSiblings: boolean;

  /** GET of a quota where none is set. */
  quotaUnset: 'not-found' | 'zero';
  /** GET of a target without its own quota where a default is set. */
  quotaRead: 'specific' | 'effective';
  /** Quota type as the guide's `user`/`bucket`, or `0`/`1`. */
  quotaType: 'words' | 'digits';
  /** Quota size as string or number. */
  quotaSize: 'string' | 'number';

  /**
   * How `service_id` is written. Bare as in the guide it is invalid JSON for every service whose
   * hexadecimal id holds a letter (`800000000000006a`).
   */
  serviceId: 'bare' | 'quoted' | 'bare-0x' | 'quoted-0x';
  /** Counters direct, or nested per storage class. */
  counters: 'flat' | 'per-class';
  /** Names a page at most, where no `limit` is given. */
  usagePageSize: number;
  /** Whether GET ostor-usage knows `after` and `limit`; older gateways list all. */
  usagePaging: boolean;
  /** A `limit` above this breaks the JSON of the list; 0 for never (seen in the field: 710). */
  usageLimitBreaksAbove: number;
  /** Answer 400 to `limit` together with `after`. */
  usageLimitExcludesAfter: boolean;
  /** Names dated 1970 at the end of every page, which lead back to the start. */
  usage1970: boolean;
  /** A page that starts with the name after which it was asked. */
  usageRepeatsNames: boolean;
  /** The second page comes again and again, whatever `after` says. */
  usageCursorStuck: boolean;
  /** `truncated`: true to fact, always true, or always false. */
  usageTruncated: 'true-to-fact' | 'always' | 'never';
  /** `nr_items` twice the number of names. */
  usageCountLies: boolean;
  /** Settled objects differ at every fetch: a conflict for whoever archived the first. */
  usageChanges: boolean;
}

/** The tolerant gateway: the guide's, and next to it whatever a reference names. */
export const defaultVariants: Variants = {
  accept: ['v2', 'v2-unsigned-payload', 'v4'],
  refusedForm: 'mismatch',
  region: 'us-east-1',
  undocumented: 'taken',
  plusInQuery: 'space',
  errorForm: 'xml-and-header',
  transfer: 'chunked',
  deletedStatus: 204,
  deletedContentType: 'application/json',
  numbers: 'integers',
  dateHeader: 'sent',
  clockSkew: 'refused',
  staleMs: 0,
  userList: 'array',
  userDetail: 'full',
  space: true,
  spaceOmittedWhenEmpty: false,
  secretKeyTypo: false,
  accountCount: 'string',
  existingEmail: 'conflict',
  generatedKeys: 'new',
  postById: false,
  revokeLastKey: true,
  keyLimitStatus: 409,
  userOwnsBucketsStatus: 409,
  bucketSelector: true,
  multiSelector: true,
  multiBody: 'arrives',
  unknownBucket: 'not-found',
  systemUserDeletesBuckets: true,
  systemUserWritesObjects: true,
  limitsUnset: 'not-found',
  limitsDeleted: 'unset',
  limitSyntax: 'both',
  limitPutResetsSiblings: false,
  quotaUnset: 'not-found',
  quotaRead: 'specific',
  quotaType: 'words',
  quotaSize: 'string',
  serviceId: 'bare',
  counters: 'flat',
  usagePageSize: 1000,
  usagePaging: true,
  usageLimitBreaksAbove: 0,
  usageLimitExcludesAfter: false,
  usage1970: false,
  usageRepeatsNames: false,
  usageCursorStuck: false,
  usageTruncated: 'true-to-fact',
  usageCountLies: false,
  usageChanges: false,
};
