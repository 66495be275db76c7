/** Something that parts of the interface add to and one place shows, in order. */
export interface Registry<Entry extends { id: string; order: number }> {
  /** Adds an entry; one of the same id replaces it. */
  register(entry: Entry): void;
  /** All entries, lowest order first. */
  list(): readonly Entry[];
}

/** An empty registry. Entries are added at module load, by `app/extensions.ts`. */
export function createRegistry<Entry extends { id: string; order: number }>(): Registry<Entry> {
  const entries = new Map<string, Entry>();
  return {
    register: (entry) => void entries.set(entry.id, entry),
    list: () => [...entries.values()].sort((one, other) => one.order - other.order),
  };
}
