import type { DatabaseSync } from 'node:sqlite';

/** Settings that belong to billing, as JSON by name. */
export function settingMethods(database: DatabaseSync) {
  return {
    readSetting: ({ name }: { name: string }): unknown => {
      const row = database.prepare('SELECT value FROM setting WHERE name = ?').get(name);
      return row ? (JSON.parse(String(row.value)) as unknown) : null;
    },
    writeSetting: ({ name, value }: { name: string; value: unknown }): null => {
      database
        .prepare(`INSERT INTO setting VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2`)
        .run(name, JSON.stringify(value));
      return null;
    },
  };
}
