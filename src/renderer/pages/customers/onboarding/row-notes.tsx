import { Time } from '../../../kit/components/time.tsx';
import type { OnboardingRow } from './run-state.tsx';

/** What is to be said of a row: why it is left, what to look at, and what WHMCS has and has not. */
export function RowNotes({ row }: { row: OnboardingRow }) {
  const { problem, error, cautions, writeBack } = row;
  const note = problem ?? error;
  const words = [...cautions, ...writtenWords(writeBack)];
  return (
    <>
      {note && (
        <div className="oc-caption">
          {note.message} {note.hint} {problem === null && <At time={error?.at} />}
        </div>
      )}
      {words.map((text) => (
        <div key={text} className="oc-caption">
          {text}
        </div>
      ))}
      {writeBack?.problems.map((text) => (
        <div key={text} className="oc-caption">
          {text} <At time={writeBack.at} />
        </div>
      ))}
    </>
  );
}

/** When something was refused; nothing where that was not kept. */
function At({ time }: { time: string | undefined }) {
  if (time === undefined) return null;
  return (
    <span className="oc-dimmed">
      (<Time value={time} />)
    </span>
  );
}

/** Describes what the billing system has of a new user. */
function writtenWords(writeBack: OnboardingRow['writeBack']): string[] {
  const isThere = (state: string | null | undefined) =>
    state === 'written' || state === 'unchanged';
  return [
    ...(isThere(writeBack?.field) ? ['WHMCS holds the user id.'] : []),
    ...(isThere(writeBack?.note) ? ['Note added to the client.'] : []),
  ];
}
