import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adminCommandLine,
  requestUrl,
  s3CurlLine,
  shellWord,
} from '#core/changes/operations/catalogue/command-lines.ts';
import type { GatewayRequest } from '#core/gateway/model/request.ts';
import { removeBucketRequest } from '#core/gateway/requests/buckets.ts';
import { userStateRequest } from '#core/gateway/requests/users.ts';

const endpoint = 'http://s3.example.com/';

const disable = (email: string): GatewayRequest => userStateRequest(email, 'disable');

/** What a shell makes of a line: its words, one a line. */
function words(line: string): string[] {
  const script = `s3_curl() { printf '%s\\0' "$@"; }; ostor-s3-admin() { printf '%s\\0' "$@"; }; ${line}`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('the line for s3_curl', () => {
  it('is as the guide prints it', () => {
    expect(s3CurlLine(endpoint, disable('user@example.com'))).toBe(
      's3_curl POST "http://s3.example.com/?ostor-users&emailAddress=user@example.com&disable"',
    );
    expect(s3CurlLine(endpoint, removeBucketRequest('bucketname'))).toBe(
      's3_curl DELETE "http://s3.example.com/bucketname"',
    );
  });

  it('is one harmless word to the shell, whatever the e-mail holds', () => {
    const nasty = fc.string({
      minLength: 1,
      unit: fc.constantFrom(...'a@+ "\'$`\\!&;|()<>*?#%é\n'),
    });
    fc.assert(
      fc.property(nasty, (email) => {
        const request = disable(email);
        const [method, url, ...more] = words(s3CurlLine(endpoint, request));
        expect(more).toEqual([]);
        expect(method).toBe('POST');
        expect(url?.replaceAll('@', '%40')).toBe(requestUrl(endpoint, request));
      }),
      { numRuns: 25 },
    );
  });
});

describe('the line for ostor-s3-admin', () => {
  it('is as the guide prints it, with a placeholder for the volume', () => {
    const line = adminCommandLine({
      command: 'disable-user',
      options: [['-i', 'bf0b3b15eb7c9019']],
    });
    expect(line).toBe('ostor-s3-admin disable-user -i bf0b3b15eb7c9019 -V VOLUME_ID');
    const limits = adminCommandLine({
      command: 'set-limits',
      options: [
        ['-e', 'client@example.com'],
        ['-t', 'ops'],
        ['-L', 'get=3600'],
      ],
      volume: false,
    });
    expect(limits).toBe('ostor-s3-admin set-limits -e client@example.com -t ops -L get=3600');
  });

  it('keeps an account name in one word', () => {
    const name = `it's $(reboot) "now"`;
    const options = [['-n', name]] as const;
    const [, , spoken] = words(adminCommandLine({ command: 'create-account', options }));
    expect(spoken).toBe(name);
    expect(shellWord('plain-word')).toBe('plain-word');
  });
});
