import type { DatabaseSync } from 'node:sqlite';

/** Small things kept with the archive, by name, as JSON. */
export function settingReaders(database: DatabaseSync) {
  return {
    readSetting({ name }: { name: string }): unknown {
      const row = database.prepare('SELECT value FROM setting WHERE name = ?').get(name);
      return row ? (JSON.parse(String(row.value)) as unknown) : null;
    },
  };
}

/** Writes of {@link settingReaders}' things. */
export function settingWriters(database: DatabaseSync) {
  return {
    writeSetting({ name, value }: { name: string; value: unknown }): void {
      database
        .prepare(
          'INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
        )
        .run(name, JSON.stringify(value));
    },
  };
}
