import type { SignatureForm, Variants } from './model/variants.ts';

/** The values a switch can have: one of a few, a whole number, any text, or a list of signatures. */
export type Choices<Value> = [Value] extends [readonly SignatureForm[]]
  ? 'signatures'
  : [Value] extends [number]
    ? readonly Value[] | 'number'
    : readonly Value[] | 'text';

const yesOrNo = [true, false] as const;

/** For every variant the values it can have. A variant without an entry does not compile. */
export const variantChoices: { readonly [Name in keyof Variants]: Choices<Variants[Name]> } = {
  accept: 'signatures',
  refusedForm: ['mismatch', 'denied'],
  region: 'text',
  undocumented: ['taken', 'refused', 'overlooked'],
  plusInQuery: ['space', 'literal'],
  errorForm: ['xml-and-header', 'xml', 'header', 'empty', 'json'],
  transfer: ['chunked', 'length'],
  deletedStatus: [203, 204],
  deletedContentType: ['application/json', 'application/xml', 'none'],
  numbers: ['integers', 'strings'],
  dateHeader: ['sent', 'none'],
  clockSkew: ['refused', 'ignored'],
  staleMs: 'number',
  userList: ['array', 'Users', 'users', 'array-with-secrets'],
  userDetail: ['full', 'keys-only'],
  space: yesOrNo,
  spaceOmittedWhenEmpty: yesOrNo,
  secretKeyTypo: yesOrNo,
  accountCount: ['string', 'number'],
  existingEmail: ['conflict', 'second-user', 'existing-user'],
  generatedKeys: ['new', 'all'],
  postById: yesOrNo,
  revokeLastKey: yesOrNo,
  keyLimitStatus: [400, 403, 409],
  userOwnsBucketsStatus: [400, 403, 409],
  bucketSelector: yesOrNo,
  multiSelector: yesOrNo,
  multiBody: ['arrives', 'dropped'],
  unknownBucket: ['not-found', 'empty-list'],
  systemUserDeletesBuckets: yesOrNo,
  systemUserWritesObjects: yesOrNo,
  limitsUnset: ['not-found', 'error', 'zeros'],
  limitsDeleted: ['unset', 'zeros'],
  limitSyntax: ['both', 'new', 'old'],
  limitPutResetsSiblings: yesOrNo,
  quotaUnset: ['not-found', 'zero'],
  quotaRead: ['specific', 'effective'],
  quotaType: ['words', 'digits'],
  quotaSize: ['string', 'number'],
  serviceId: ['bare', 'quoted', 'bare-0x', 'quoted-0x'],
  counters: ['flat', 'per-class'],
  usagePageSize: 'number',
  usagePaging: yesOrNo,
  usageLimitBreaksAbove: 'number',
  usageLimitExcludesAfter: yesOrNo,
  usage1970: yesOrNo,
  usageRepeatsNames: yesOrNo,
  usageCursorStuck: yesOrNo,
  usageTruncated: ['true-to-fact', 'always', 'never'],
  usageCountLies: yesOrNo,
  usageChanges: yesOrNo,
};
