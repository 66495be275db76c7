import { ActionIcon, Popover } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { type TermName, terms } from '../terms.ts';
import classes from './term-help.module.css';

/** A button next to a technical term that says what it means and where its figures come from. */
export function TermHelp({ term }: { term: TermName }) {
  const { title, means, source } = terms[term];
  const [opened, setOpened] = useState(false);
  const onEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !opened) return;
    event.stopPropagation(); // what is behind it stays open
    setOpened(false);
  };
  return (
    <Popover
      {...{ opened, onChange: setOpened, width: 280, position: 'bottom-start', shadow: 'md' }}
      withArrow
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          size={16}
          variant="transparent"
          color="gray"
          className={classes.button}
          aria-label={`What is “${title}”?`}
          onClick={() => setOpened(!opened)}
          onKeyDown={onEscape}
        >
          <IconHelpCircle size={14} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={title} onKeyDown={onEscape}>
        <div className={classes.help} tabIndex={-1} data-autofocus>
          <strong>{title}</strong>
          <p>{means}</p>
          <p className="oc-dimmed">{source}</p>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
