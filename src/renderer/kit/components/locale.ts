/** Locale for the interface. Files have a fixed form instead. */
export interface PersonLocale {
  /** BCP 47, for figures. */
  numbers: string;
  /** BCP 47, for dates; English ones have the day before the month, which nobody misreads. */
  dates: string;
  /** IANA name of the local clock's zone. */
  timeZone: string;
  /** What the system does not report, and what is used instead. */
  notes: readonly string[];
}

const otherwise = 'en-GB';

/** Reads languages and zone from the system; missing ones fall back, with a note. */
export function readLocale(languages: readonly string[], zone: string | undefined): PersonLocale {
  const numbers = languages.find(isLocale);
  const isZone = zone !== undefined && isTimeZone(zone);
  return {
    numbers: numbers ?? otherwise,
    dates: numbers === undefined || /^en\b/i.test(numbers) ? otherwise : numbers,
    timeZone: isZone ? zone : 'UTC',
    notes: [
      ...(numbers === undefined
        ? ['The system names no language: numbers and dates are written in British English.']
        : []),
      ...(isZone ? [] : ['The system names no time zone: local times are in UTC.']),
    ],
  };
}

function isLocale(language: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language).length > 0;
  } catch {
    return false;
  }
}

function isTimeZone(zone: string): boolean {
  try {
    return (
      zone !== 'Etc/Unknown' && new Intl.DateTimeFormat(otherwise, { timeZone: zone }) !== null
    );
  } catch {
    return false;
  }
}

export const locale: PersonLocale = readLocale(
  navigator.languages,
  new Intl.DateTimeFormat().resolvedOptions().timeZone,
);
