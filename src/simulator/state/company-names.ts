import { mix32 } from '../model/seeded-random.ts';

const firstWords =
  'amber anchor aspen beacon birch blue bright cedar cobalt copper coral crest delta eagle echo elm falcon fern granite harbor hazel heron indigo iron ivory juniper lark linden lunar maple marble meadow mint north oak ocean olive onyx opal orchard pine polar quartz raven river rowan sable sage silver slate solar spruce stone summit swift tidal umber valley willow winter'.split(
    ' ',
  );
const secondWords =
  'analytics archive biotech broadcast cloud clinic dental design energy farms film finance foods freight games hosting hotels insurance labs legal logistics media motors music networks optics pharma press print rail retail robotics schools security seismic shipping software sports studios systems textiles travel union water works'.split(
    ' ',
  );
const roles =
  'storage backup archive media platform billing infrastructure devops research camera-footage imaging logs'.split(
    ' ',
  );
const purposes =
  'backups media logs archive images videos documents exports invoices mail-archive snapshots raw-footage datasets reports website staging releases thumbnails scans telemetry attachments db-dumps maps surveys'.split(
    ' ',
  );

/** The company of user `index`: made up of two words, `cedar-logistics`. */
export function companyOf(seed: number, index: number): string {
  const hash = mix32(seed, index, 0x636f6d70);
  const first = firstWords[hash % firstWords.length];
  const second = secondWords[(hash >>> 10) % secondWords.length];
  return `${first}-${second}`;
}

/** A made-up e-mail for user `index`, at a domain that cannot exist (`.example`). */
export function emailOf(seed: number, index: number): string {
  const role = roles[mix32(seed, index, 0x726f6c65) % roles.length];
  return `${role}@${companyOf(seed, index)}.example`;
}

/** What bucket `index` is for: `raw-footage`. */
export function purposeOf(seed: number, index: number): string {
  return purposes[mix32(seed, index, 0x70757270) % purposes.length] ?? 'data';
}
