import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import classes from '../../changes/bulk/bulk.module.css';
import { formatCount } from '../../kit/components/format.ts';

const shownAtFirst = 3;

/** What the operator is warned of, the first few at once, the rest when asked for. */
export function WarningList({ warnings }: { warnings: readonly string[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? warnings : warnings.slice(0, shownAtFirst);
  const more = warnings.length - shownAtFirst;
  return (
    <>
      <ul className={classes.warnings} data-all={all || undefined}>
        {shown.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
      {more > 0 && (
        <UnstyledButton className={classes.place} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${formatCount(more)} more`}
        </UnstyledButton>
      )}
    </>
  );
}
