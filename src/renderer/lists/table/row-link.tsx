import type { ReactNode } from 'react';

/**
 * A link in a row: a plain element, which the table answers for. Without `leaves` a click opens the row
 * as anywhere else on it, and the address is there to be copied or opened in another tab.
 * @param props.to address within the console
 * @param props.words said whole on hover, where the cell cuts it off
 * @param props.leaves whether a click goes there
 */
export function RowLink(props: {
  to: string;
  words: string;
  leaves?: boolean;
  children: ReactNode;
}) {
  const { to, words, leaves, children } = props;
  return (
    <a
      href={`#${to}`}
      tabIndex={-1}
      data-to={to}
      data-hint={words}
      data-row-action={leaves || undefined}
    >
      {children}
    </a>
  );
}
