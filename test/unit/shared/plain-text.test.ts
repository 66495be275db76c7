import { expect, it } from 'vitest';
import { userId } from '#shared/contract/define.ts';
import { accessKeyId, emailAddress } from '#shared/contract/targets.ts';
import { comparable, withoutInvisible } from '#shared/plain-text.ts';

it('pasted ids, e-mails and keys lose what cannot be seen', () => {
  expect(withoutInvisible('\u200e\u00a0a\u00adb\u200b\u2060\ufeff\n')).toBe('ab');
  expect(userId.parse('\u200eca55631f9f3d59dc\u200b')).toBe('ca55631f9f3d59dc');
  expect(emailAddress.parse('\ufeffa@example.net\u2069 ')).toBe('a@example.net');
  expect(accessKeyId.parse('ABC\u00ad123\u202c')).toBe('ABC123');
});

it('composed and decomposed letters are the same in any case', () => {
  expect(comparable('Jürgen'.normalize('NFD'))).toBe(comparable('JÜRGEN'));
  expect(comparable('İ')).toBe(comparable('İ'.normalize('NFD')));
});
