import { createAuthority, issueCertificate, selfSignedCertificate } from './certificates.ts';
import { type CommandLine, helpText, parseCommandLine } from './command-line.ts';
import { type Simulator, startSimulator } from './index.ts';
import { startWhmcsSimulator, type WhmcsOptions, type WhmcsSimulator } from './whmcs/index.ts';

async function certificateFor(mode: CommandLine['tls']) {
  if (mode === null) return null;
  if (mode === 'self-signed') return { ca: undefined, server: await selfSignedCertificate() };
  const authority = await createAuthority();
  const wish = {
    authority: {},
    expiring: { validTo: new Date(Date.now() + 10 * 86_400_000) },
    expired: { validFrom: new Date('2024-01-01'), validTo: new Date('2024-02-01') },
    'wrong-host': { hosts: ['elsewhere.example'] },
  };
  return { ca: authority.certificate, server: await issueCertificate(authority, wish[mode]) };
}

/** Clients whose e-mail no user of the gateway has: those that can be onboarded. */
const newClients = 20;

async function startBilling(simulator: Simulator, options: WhmcsOptions): Promise<WhmcsSimulator> {
  const users = [...simulator.state.users.byId.values()].filter(({ system }) => !system);
  const emails = users.map(({ email }) => email);
  const clients = emails.length + newClients;
  return startWhmcsSimulator({ clients, emails, pendingOrderEvery: 10, ...options });
}

function wayTo({ url, identifier, secret, accessKey }: WhmcsSimulator) {
  return { url, identifier, secret, accessKey };
}

/** Stages all; where one can't be, nothing is left running. */
async function stageAll(
  simulator: Simulator,
  whmcs: WhmcsSimulator | null,
  stages: CommandLine['stages'],
) {
  try {
    return stages.map((stage) => ({ stage, ...simulator.stage(stage, whmcs?.state) }));
  } catch (thrown) {
    await Promise.all([simulator.stop(), whmcs?.stop()]);
    throw thrown;
  }
}

async function run({ options, faults, stages, tls, whmcs: asked }: CommandLine): Promise<void> {
  const certificate = await certificateFor(tls);
  const simulator = await startSimulator(
    certificate === null ? options : { ...options, tls: certificate.server },
  );
  for (const fault of faults) simulator.faults.add(fault);
  const { url, accessKeyId, secretKey } = simulator;
  const trust =
    certificate === null
      ? {}
      : { fingerprint256: certificate.server.fingerprint256, ca: certificate.ca };
  const secure = certificate === null ? {} : { tls: certificate.server };
  const whmcs = asked && (await startBilling(simulator, { ...asked, ...secure }));
  const staged = await stageAll(simulator, whmcs, stages);
  const printed = {
    ...{ url, accessKeyId, secretKey, ...trust, ...(whmcs && { whmcs: wayTo(whmcs) }) },
    ...(staged.length > 0 ? { staged } : {}),
  };
  process.stdout.write(`${JSON.stringify(printed)}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void Promise.all([simulator.stop(), whmcs?.stop()]));
  }
}

try {
  const commandLine = parseCommandLine(process.argv.slice(2));
  if (commandLine.help) process.stderr.write(helpText());
  else await run(commandLine);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
