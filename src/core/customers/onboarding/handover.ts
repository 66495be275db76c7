import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { CallOutput } from '#shared/contract/index.ts';
import { exportName } from '#shared/plain-text.ts';
import { parseEndpoint } from '../../gateway/model/endpoint.ts';

type Sheet = CallOutput<'onboarding.handover'>;

/** What a customer is given about its user. */
export interface HandoverFacts {
  endpoint: string;
  region: string | null;
  email: string;
  accessKeyId: string;
  /** Null: omitted of the sheet. */
  secretAccessKey: string | null;
}

const usualRegion = 'us-east-1';
const placeholder = 'YOUR-SECRET-KEY';

/** Returns the sheet with ready lines for the common tools; without the secret its place is marked. */
export function handoverSheet(facts: HandoverFacts): Sheet {
  const region = facts.region ?? usualRegion;
  const tools = toolsFor({ ...facts, region, secret: facts.secretAccessKey ?? placeholder });
  const { endpoint, email, accessKeyId, secretAccessKey } = facts;
  const head = [
    'Object storage access',
    '',
    `User:        ${email}`,
    `Endpoint:    ${endpoint}`,
    `Region:      ${region}`,
    `Access key:  ${accessKeyId}`,
    `Secret key:  ${secretAccessKey ?? 'sent separately'}`,
    'Buckets are addressed by path: endpoint/bucket/object.',
  ];
  const text = [
    head.join('\n'),
    ...tools.map(({ tool, text: lines }) => `== ${tool} ==\n${lines}`),
  ];
  return {
    ...{ endpoint, region, email, accessKeyId, secretAccessKey, tools },
    text: `${text.join('\n\n')}\n`,
    fileName: exportName(['handover', email, accessKeyId], 'txt'),
  };
}

/** Returns sheets as one zip; of sheets with the same name, each gets its number. */
export async function zipSheets(sheets: readonly Pick<Sheet, 'fileName' | 'text'>[]) {
  const zip = new ZipFile();
  const taken = new Set<string>();
  for (const { fileName, text } of sheets) {
    let name = fileName;
    for (let number = 2; taken.has(name); number += 1) {
      name = fileName.replace(/\.txt$/, `-${number}.txt`);
    }
    taken.add(name);
    zip.addBuffer(Buffer.from(text), name);
  }
  zip.end();
  return buffer(zip.outputStream);
}

interface ToolFacts {
  endpoint: string;
  region: string;
  accessKeyId: string;
  secret: string;
}

function toolsFor(facts: ToolFacts): Sheet['tools'] {
  return [
    { tool: 'AWS CLI', text: awsCli(facts) },
    { tool: 'rclone', text: rclone(facts) },
    { tool: 's3cmd', text: s3cmd(facts) },
    { tool: 'Cyberduck', text: cyberduck(facts) },
  ];
}

function awsCli({ endpoint, region, accessKeyId, secret }: ToolFacts): string {
  return [
    `aws configure set aws_access_key_id ${accessKeyId} --profile storage`,
    `aws configure set aws_secret_access_key ${secret} --profile storage`,
    `aws configure set region ${region} --profile storage`,
    `aws configure set endpoint_url ${endpoint} --profile storage`,
    'aws configure set s3.addressing_style path --profile storage',
    'aws s3 ls --profile storage',
  ].join('\n');
}

function rclone({ endpoint, region, accessKeyId, secret }: ToolFacts): string {
  return [
    '# in rclone.conf (rclone config file says where)',
    '[storage]',
    'type = s3',
    'provider = Other',
    `access_key_id = ${accessKeyId}`,
    `secret_access_key = ${secret}`,
    `endpoint = ${endpoint}`,
    `region = ${region}`,
    'force_path_style = true',
    '# then: rclone lsd storage:',
  ].join('\n');
}

function s3cmd({ endpoint, region, accessKeyId, secret }: ToolFacts): string {
  const { secure } = parseEndpoint(endpoint);
  const { host } = new URL(endpoint);
  return [
    '# in ~/.s3cfg',
    '[default]',
    `access_key = ${accessKeyId}`,
    `secret_key = ${secret}`,
    `host_base = ${host}`,
    `host_bucket = ${host}`,
    `bucket_location = ${region}`,
    `use_https = ${secure ? 'True' : 'False'}`,
    '# then: s3cmd ls',
  ].join('\n');
}

function cyberduck({ endpoint, accessKeyId, secret }: ToolFacts): string {
  const { hostname, port, secure } = parseEndpoint(endpoint);
  return [
    '# Open Connection; add the profile below under Preferences, Profiles if it is not listed',
    `Profile:            ${secure ? 'S3 (Deprecated path style requests)' : 'S3 (HTTP)'}`,
    `Server:             ${hostname}`,
    `Port:               ${port}`,
    `Access Key ID:      ${accessKeyId}`,
    `Secret Access Key:  ${secret}`,
  ].join('\n');
}
