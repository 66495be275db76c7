import { create } from 'zustand';

/** How the last write to a target ended, as its row says it. */
export interface RecentWrite {
  /** The verb: `Disable user`. */
  title: string;
  result: 'verified' | 'sent';
  journalId: string;
  /** Milliseconds since the Unix epoch. */
  at: number;
}

interface RecentWrites {
  /** By {@link writeKey}. */
  writes: Readonly<Record<string, RecentWrite>>;
  /** Keys of rows that flash now. */
  flashing: ReadonlySet<string>;
  note(key: string, write: RecentWrite): void;
  forget(key: string): void;
}

/** How long a row flashes, in milliseconds; the style sheet's animation is as long. */
const flashFor = 1300;

/** Names a target among all: of which connection, which kind, which id. */
export function writeKey(connectionId: string, kind: string, id: string): string {
  return `${connectionId}/${kind}/${id}`;
}

/** The newest write to a connection's cluster in this session; undefined where there is none. */
export function newestWrite(connectionId: string): RecentWrite | undefined {
  return Object.entries(useRecentWrites.getState().writes)
    .filter(([key]) => key.startsWith(`${connectionId}/`))
    .map(([, write]) => write)
    .sort((one, other) => other.at - one.at)[0];
}

/** Writes of this session, so that rows flash once and show the outcome. */
export const useRecentWrites = create<RecentWrites>()((set) => ({
  writes: {},
  flashing: new Set(),
  note: (key, write) => {
    set(({ writes, flashing }) => ({
      writes: { ...writes, [key]: write },
      flashing: new Set([...flashing, key]),
    }));
    setTimeout(
      () => set(({ flashing }) => ({ flashing: new Set([...flashing].filter((k) => k !== key)) })),
      flashFor,
    );
  },
  forget: (key) =>
    set(({ writes }) => {
      const { [key]: _gone, ...rest } = writes;
      return { writes: rest };
    }),
}));
