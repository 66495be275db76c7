import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { openRemoveBucket } from '#renderer/changes/buckets/remove-bucket.tsx';
import { AppError } from '#shared/errors.ts';
import { fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import { renderDialogs } from '../operation/render-operation.tsx';

const preview = () =>
  fakePreview({
    operation: 'buckets.remove',
    title: 'Delete bucket',
    target: { kind: 'bucket', id: 'photos', name: 'photos' },
  });

test('a full bucket is refused with its size; the gateway decides where the operator says so', async () => {
  const core = fakeOperations().on('operations.preview', ({ input }) => {
    if (input.sizeIsOld === true) return preview();
    throw new AppError({
      code: 'BUCKET_NOT_EMPTY',
      message: 'The bucket photos is not empty: 4.00 GiB at its last accounting.',
      hint: 'Let its owner empty it.',
    });
  });
  renderDialogs(core);
  openRemoveBucket('photos');
  expect(await screen.findByRole('alert')).toHaveTextContent('4.00 GiB');
  expect(screen.getByRole('button', { name: /Delete bucket|^$/ })).toBeDisabled();
  await userEvent.click(screen.getByRole('button', { name: /let the gateway decide/ }));
  await waitFor(() => expect(screen.getByRole('button', { name: 'Delete bucket' })).toBeEnabled());
});

test('the owner’s own key is used only once it is selected, for this one request', async () => {
  const core = fakeOperations()
    .on('operations.preview', preview)
    .on('buckets.remove', () => {
      throw new AppError({
        code: 'ACCESS_DENIED',
        message: 'The gateway refuses to let the system user delete the bucket photos.',
        hint: 'Only its owner may.',
        details: { asOwner: true },
      });
    });
  renderDialogs(core);
  openRemoveBucket('photos');
  await userEvent.click(await screen.findByRole('button', { name: 'Delete bucket' }));
  const offer = await screen.findByRole('button', { name: /owner’s own key/ });
  expect(core.inputsOf('buckets.remove')).toMatchObject([{ asOwner: false }]);
  await userEvent.click(offer);
  await waitFor(() =>
    expect(core.inputsOf('operations.preview').at(-1)?.input).toMatchObject({ asOwner: true }),
  );
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  await userEvent.click(await screen.findByRole('button', { name: 'Delete bucket' }));
  await waitFor(() =>
    expect(core.inputsOf('buckets.remove').at(-1)).toMatchObject({ asOwner: true }),
  );
});
