/** The file of the gateway's settings, on every S3 node. */
export const gatewaySettingsPath = '/var/lib/ostor/local/gw.conf';

/** Switches the collection of statistics on. */
export const statisticsSetting = 'S3_GW_COLLECT_STAT=1';

/** Adds the setting to the gateway's file unless it is there, and has the agent read it. */
export const statisticsLines: readonly string[] = [
  `grep -qsx ${statisticsSetting} ${gatewaySettingsPath} || echo ${statisticsSetting} >> ${gatewaySettingsPath}`,
  'systemctl restart ostor-agentd.service',
];

/** Prints the volume id (VOL_ID); `NODE_IP` is a placeholder for the address of a storage node. */
export const volumeIdLine = 'ostor-ctl get-config -n NODE_IP';

/** Shown where the operator puts the id that {@link volumeIdLine} shows. */
export const volumePlaceholder = 'VOLUME_ID';

/** @param volumeId the connection's; omitted, a placeholder is in its place */
export function systemUserLine(volumeId: string = volumePlaceholder): string {
  return `ostor-s3-admin create-user -S -e user@example.com -V ${volumeId}`;
}

/** Prepares quotas: needed once, before the first is set. */
export function quotaLine(volumeId: string = volumePlaceholder): string {
  return `ostor-ctl add-acc -V ${volumeId} -s /mnt/vstorage/vols/ostor`;
}

/**
 * The guide's shell function ("Preparing the environment"), with the two losses of its conversion
 * undone: the third newline after the method, and the pipe that a line break separated from its
 * backslash. It takes the key pair from `s3_key` and `s3_secret`.
 */
export const s3CurlFunction = String.raw`# Sign S3 requests and run curl.
function s3_curl() {

    # Parse command line.
    if [ -z "\${2}" ]; then
        echo "Usage: \${FUNCNAME[0]} <request_type> <s3_url> [<body_file>]"
        return 1
    fi

    # Prepare a signature.
    s3_url="\${2%/*}"
    s3_host="\${s3_url##*/}"
    s3_query="\${2##*/}"
    s3_date="$(date -R)"

    # Use UNSIGNED-PAYLOAD for the body.
    payload_hash="x-amz-content-sha256:UNSIGNED-PAYLOAD"

    # Generate a signature.
    s3_signature="$(echo -en "\${1}\n\n\n\${s3_date}\n\${payload_hash}\n/\${s3_query%%&*}" | \
        openssl dgst -sha1 -hmac \${s3_secret} -binary | base64)"

    content_length="0"
    # Check if a body file is provided.
    if [ -n "\${3}" ]; then
        content_length=$(cat \${3} | wc -c )
        body_option="--data-binary @\${3}"
    else
        body_option=""
    fi

    # Make the request.
    curl -H "Host: \${s3_host}" \
        -H "Accept: */*" \
        -H "Date: \${s3_date}" \
        -H "\${payload_hash}" \
        -H "Authorization: AWS \${s3_key}:\${s3_signature}" \
        -H "Content-Type:" \
        -H "Content-Length: \${content_length}" \
        -X "\${1}" \
        \${body_option} \
        "\${s3_url}/\${s3_query}"
}
`.replaceAll('\\${', '${');

/**
 * The guide's `~/.s3_environment`, after which `s3_curl` lines can be pasted. It holds a placeholder
 * for the secret key, which the operator enters.
 */
export function s3Environment(accessKeyId: string): string {
  return `# S3 login variables of the system user.
s3_key="${accessKeyId}"
s3_secret="SECRET_KEY"

${s3CurlFunction}`;
}
