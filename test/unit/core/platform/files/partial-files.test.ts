import { expect, it } from 'vitest';
import { isLeftPartial, partialName } from '#core/platform/files/write-file-atomically.ts';

it('knows a partial file whose writer is gone, and leaves every other file alone', () => {
  const own = partialName('part-0.parquet');
  expect(isLeftPartial(own)).toBe(false);
  expect(isLeftPartial(own.replace(`${process.pid}-`, '4194304999-'))).toBe(true);
  for (const name of ['part-0.parquet', '.hidden', 'a.partial', '.a.12-xyz.partial']) {
    expect(isLeftPartial(name)).toBe(false);
  }
});
