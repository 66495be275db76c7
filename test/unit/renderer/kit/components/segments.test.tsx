import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { Segments } from '#renderer/kit/components/segments.tsx';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderPart } from '../../render-console.tsx';

/** A page whose value follows the selection only when asked to. */
function Page() {
  const [value, setValue] = useState('one');
  const [next, setNext] = useState('one');
  return (
    <>
      <Segments
        aria-label="Which"
        data={['one', 'two', 'three']}
        value={value}
        onChange={setNext}
      />
      <button type="button" onClick={() => setValue(next)}>
        Follow
      </button>
      <button type="button" onClick={() => setValue('one')}>
        Back
      </button>
    </>
  );
}

test('arrows pressed before the value follows continue from what was selected', async () => {
  renderPart(new FakeTransport(), <Page />);
  const user = userEvent.setup();
  await user.click(screen.getByRole('radio', { name: 'one' }));
  await user.keyboard('{ArrowRight}');
  expect(screen.getByRole('radio', { name: 'two' })).toBeChecked();
  await user.keyboard('{ArrowRight}');
  expect(screen.getByRole('radio', { name: 'three' })).toBeChecked();
  await user.click(screen.getByRole('button', { name: 'Follow' }));
  expect(screen.getByRole('radio', { name: 'three' })).toBeChecked();
  await user.click(screen.getByRole('button', { name: 'Back' }));
  expect(screen.getByRole('radio', { name: 'one' })).toBeChecked();
});
