import { describe, expect, it } from 'vitest';
import { helpText, parseCommandLine, parseFault, variantChoices } from '#simulator/command-line.ts';
import { faultKinds } from '#simulator/model/faults.ts';
import { defaultVariants } from '#simulator/model/variants.ts';
import { stageNames } from '#simulator/stages.ts';
import { whmcsFaultKinds, whmcsVariantChoices } from '#simulator/whmcs/model/variants.ts';

describe('the command line', () => {
  it('has a cluster of some size by default', () => {
    const { options, faults, tls } = parseCommandLine([]);
    expect(options).toEqual({ users: 240, buckets: 900, variants: {} });
    expect([faults, tls]).toEqual([[], null]);
  });

  it('reads numbers, switches, variants and faults', () => {
    const line = parseCommandLine(
      '--port 8080 --users 5 --usage 7 --clock-skew-ms -3600000 --quotas true --user-list users'
        .concat(' --usage-limit-breaks-above 710 --post-by-id true --accept v4,v2 --tls expired')
        .concat(' --key-limit-status 403 --fault html --fault status,status=500,probability=0.02')
        .replace('--clock-skew-ms -', '--clock-skew-ms=-')
        .split(' '),
    );
    expect(line.options).toEqual({
      port: 8080,
      users: 5,
      buckets: 900,
      usage: 7,
      clockSkewMs: -3_600_000,
      quotas: true,
      variants: {
        userList: 'users',
        usageLimitBreaksAbove: 710,
        postById: true,
        accept: ['v4', 'v2'],
        keyLimitStatus: 403,
      },
    });
    expect(line.tls).toBe('expired');
    expect(line.faults).toEqual([
      { kind: 'html' },
      { kind: 'status', status: 500, probability: 0.02 },
    ]);
  });

  it.each([
    ['--users many', 'users is not a number'],
    ['--user-list sideways', 'userList is one of array, Users'],
    ['--accept v3', 'accept is some of v2'],
    ['--tls none', 'tls is one of'],
    ['--stage flood', 'a stage is one of quota-over'],
    ['--fault flood', 'a fault is one of'],
    ['--fault html,size=3', 'a fault has no size=3'],
    ['--quotas perhaps', 'quotas is true or false'],
    ['--unknown 1', "Unknown option '--unknown'"],
    ['--whmcs-version 8.0', 'whmcs-version is one of 7.10, 8.13, 9.0'],
    ['--whmcs-fault flood', 'a fault is one of drop-after'],
    ['--whmcs-fault error,size=3', 'a fault has no size=3'],
    ['--whmcs-clients many', 'whmcs-clients is not a number'],
    ['--whmcs-address-allowed no', 'whmcs-address-allowed is true or false'],
  ])('refuses %s', (args, message) => {
    expect(() => parseCommandLine(args.split(' '))).toThrow(message);
  });

  it('reads stages, in one switch or several', () => {
    const { stages } = parseCommandLine(['--stage', 'quota-over,egress', '--stage', 'two-keys']);
    expect(stages).toEqual(['quota-over', 'egress', 'two-keys']);
    for (const name of stageNames) expect(helpText()).toContain(name);
  });

  it('reads where a fault hits', () => {
    expect(
      parseFault('redirect,service=ostor-usage,method=GET,query=obj=,path=/,skip=1,location=/x'),
    ).toEqual({
      kind: 'redirect',
      match: { service: 'ostor-usage', method: 'GET', query: 'obj=', path: '/' },
      skip: 1,
      location: '/x',
    });
  });

  it('offers every variant with its default among the choices, and helps with all', () => {
    for (const [name, choices] of Object.entries(variantChoices)) {
      const value = defaultVariants[name as keyof typeof defaultVariants];
      if (Array.isArray(choices)) expect(choices).toContain(value);
    }
    const help = helpText();
    for (const kind of faultKinds) expect(help).toContain(kind);
    expect(help).toContain('--usage-cursor-stuck true|false (false)');
    expect(parseCommandLine(['--help']).help).toBe(true);
  });

  it('says how the WHMCS next to the gateway is, and starts it for any of its switches', () => {
    expect(parseCommandLine([]).whmcs).toBeNull();
    expect(parseCommandLine(['--whmcs']).whmcs).toEqual({});
    const line = parseCommandLine([
      ...['--whmcs-port', '8081', '--whmcs-clients', '40', '--whmcs-duplicate-email-every', '5'],
      ...['--whmcs-address-allowed', 'false', '--whmcs-deny', 'GetOrders'],
      ...['--whmcs-deny', 'CreateInvoice', '--whmcs-fault', 'drop-after,action=CreateInvoice'],
      ...['--whmcs-fault', 'error,message=Not now,count=2,probability=0.5,skip=1,status=500'],
    ]);
    expect(line.whmcs).toEqual({
      ...{ port: 8081, clients: 40, duplicateEmailEvery: 5, addressAllowed: false },
      denied: ['GetOrders', 'CreateInvoice'],
      faults: [
        { kind: 'drop-after', action: 'CreateInvoice' },
        ...[
          { kind: 'error', message: 'Not now', count: 2, probability: 0.5, skip: 1, status: 500 },
        ],
      ],
    });
  });

  it('offers every variant and fault of the WHMCS, in its help too', () => {
    const help = helpText();
    for (const [name, choices] of Object.entries(whmcsVariantChoices)) {
      const option = `whmcs-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      expect(help).toContain(`--${option} ${choices.join('|')}`);
      for (const choice of choices) {
        const { whmcs } = parseCommandLine([`--${option}`, String(choice)]);
        expect(whmcs).toEqual({ variants: { [name]: choice } });
      }
    }
    for (const kind of whmcsFaultKinds) {
      expect(help).toContain(kind);
      expect(parseCommandLine(['--whmcs-fault', kind]).whmcs).toEqual({ faults: [{ kind }] });
    }
  });
});
