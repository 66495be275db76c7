import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { ShowMore } from '#renderer/kit/components/show-more.tsx';

function List({ total }: { total: number }) {
  const [limit, setLimit] = useState(200);
  return (
    <MantineProvider env="test">
      <ShowMore
        {...{ shown: Math.min(limit, total), total, step: 500, onLimit: setLimit }}
        rest="The others are elsewhere."
      />
    </MantineProvider>
  );
}

test('grows step by step to the end, and says how much is shown', async () => {
  const { container } = render(<List total={900} />);
  expect(screen.getByText('200 of 900')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
  expect(screen.getByText('700 of 900')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
  expect(container).not.toHaveTextContent('of 900');
  expect(screen.queryByRole('button')).toBeNull();
});

test('at the most that a call returns says where the others are', async () => {
  render(<List total={1200} />);
  expect(screen.queryByText('The others are elsewhere.')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
  expect(screen.getByText('1,000 of 1,200')).toBeVisible();
  expect(screen.getByText('The others are elsewhere.')).toBeVisible();
  expect(screen.queryByRole('button')).toBeNull();
});
