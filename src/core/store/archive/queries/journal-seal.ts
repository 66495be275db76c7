import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { canonicalJson } from '../file/encodings.ts';

/** The key of a journal as the keychain keeps it: 64 hexadecimal digits. */
export interface KeptKey {
  secret: string;
  /** Made just now: nothing was sealed with it before. */
  isNew: boolean;
}

/** What seals are made with: the key, and the journal that they are of. */
export interface JournalKey {
  secret: string;
  journal: string;
}

/** Proof that facts of a journal were written by a holder of its key. */
export interface Seal {
  /** The journal's identity. */
  journal: string;
  /** Names the key without revealing it. */
  key: string;
  /** HMAC-SHA-256, hexadecimal. */
  mac: string;
}

/** `foreign`: of another journal; `unknown key`: made with a key that is not the journal's. */
export type SealState = 'valid' | 'forged' | 'unknown key' | 'foreign';

/** A worker's thread has one archive open, a test's many; none keeps a key when its database is gone. */
const keys = new WeakMap<DatabaseSync, JournalKey>();

/** Lets seals of the journal in this database be made and checked from now on. */
export function setJournalKey(database: DatabaseSync, secret: string): JournalKey {
  const key = { secret, journal: ensureIdentity(database) };
  keys.set(database, key);
  return key;
}

export function journalKeyOf(database: DatabaseSync): JournalKey | null {
  return keys.get(database) ?? null;
}

export function makeSeal({ secret, journal }: JournalKey, facts: object): Seal {
  return { journal, key: keyName(secret), mac: macOf(secret, { ...facts, journal }) };
}

/** @param facts what the seal was made of, and nothing else */
export function checkSeal({ secret, journal }: JournalKey, facts: object, seal: Seal): SealState {
  if (!isSealOf({ secret }, seal)) return 'unknown key';
  const expected = Buffer.from(macOf(secret, { ...facts, journal: seal.journal }));
  const found = Buffer.from(seal.mac);
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) return 'forged';
  return seal.journal === journal ? 'valid' : 'foreign';
}

/** Returns whether a seal says that this key made it. */
export function isSealOf({ secret }: Pick<JournalKey, 'secret'>, seal: Seal): boolean {
  return seal.key === keyName(secret);
}

function keyName(secret: string): string {
  return createHash('sha256').update(`ostor-journal-key\n${secret}`).digest('hex').slice(0, 16);
}

function macOf(secret: string, facts: object): string {
  return createHmac('sha256', secret).update(canonicalJson(facts)).digest('hex');
}

const identitySetting = 'journal.identity';

/** The identity of the journal in this file, which its backups share; null where it has none yet. */
export function identityOf(database: DatabaseSync): string | null {
  const row = database.prepare('SELECT value FROM setting WHERE name = ?').get(identitySetting);
  return row ? String(JSON.parse(String(row.value))) : null;
}

/**
 * Gives the journal an identity where it has none. One with entries takes it from the first, so that
 * backups of before agree; an empty one takes a random one.
 */
export function ensureIdentity(database: DatabaseSync): string {
  const known = identityOf(database);
  if (known !== null) return known;
  const first = database.prepare('SELECT hash FROM journal_entry WHERE sequence = 1').get();
  const identity = first ? String(first.hash).slice(0, 32) : randomBytes(16).toString('hex');
  setIdentity(database, identity);
  return identity;
}

export function setIdentity(database: DatabaseSync, identity: string): void {
  database
    .prepare('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)')
    .run(identitySetting, JSON.stringify(identity));
}
