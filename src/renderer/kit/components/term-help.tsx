import { ActionIcon, Popover } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { type TermName, terms } from '../terms.ts';
import classes from './term-help.module.css';

/** A button beside a term of the field that says what it means and where its figures come from. */
export function TermHelp({ term }: { term: TermName }) {
  const { title, means, source } = terms[term];
  return (
    <Popover width={280} position="bottom-start" shadow="md" withArrow trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          size={16}
          variant="transparent"
          color="gray"
          className={classes.button}
          aria-label={`What is “${title}”?`}
        >
          <IconHelpCircle size={14} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={title} className={classes.help} tabIndex={-1}>
        <strong>{title}</strong>
        <p>{means}</p>
        <p className="oc-dimmed">{source}</p>
      </Popover.Dropdown>
    </Popover>
  );
}
