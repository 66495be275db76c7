// Packages for the system it runs on. Signing and notarising take their credentials from the
// environment (CSC_LINK, CSC_KEY_PASSWORD, APPLE_API_KEY …); without them nothing is signed but ad hoc.
const isSigned = Boolean(process.env.CSC_LINK || process.env.CSC_NAME);

module.exports = {
  appId: 'com.ostor.console',
  productName: 'Ostor Console',
  directories: { output: 'dist', buildResources: 'build' },
  files: [
    'out/**',
    '!out/.stamp',
    '!out/THIRD-PARTY-NOTICES.txt',
    'package.json',
    'node_modules/keytar/**',
    '!node_modules/keytar/{src,script,binding.gyp}',
  ],
  extraResources: [
    { from: 'out/THIRD-PARTY-NOTICES.txt', to: 'THIRD-PARTY-NOTICES.txt' },
    'LICENSE',
  ],
  asar: true,
  // a native library is loaded from a file of its own
  asarUnpack: ['node_modules/keytar/**'],
  npmRebuild: false,
  // The feed is set where the console runs. Naming one here makes the builder write what a feed needs:
  // latest*.yml beside the packages, and app-update.yml in them.
  publish: { provider: 'generic', url: 'https://set-in-the-console.invalid' },
  toolsets: { appimage: '1.0.3' },
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    // Electron checks the archive on macOS and Windows only
    enableEmbeddedAsarIntegrityValidation: process.platform !== 'linux',
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  fileAssociations: [
    {
      ext: 'ostorplan',
      name: 'Ostor Console change plan',
      mimeType: 'application/x-ostor-change-plan',
      role: 'Editor',
    },
  ],
  mac: {
    target: ['dmg', 'zip'],
    category: 'public.app-category.developer-tools',
    icon: 'build/icon.png',
    // Apple silicon runs nothing unsigned: '-' signs ad hoc
    identity: isSigned ? undefined : '-',
    hardenedRuntime: isSigned,
    notarize: Boolean(isSigned && process.env.APPLE_API_KEY),
    entitlements: 'build/entitlements.mac.plist',
    entitlementsInherit: 'build/entitlements.mac.plist',
  },
  // the zip is the portable form: it is extracted and started, with nothing installed
  win: { target: ['nsis', 'zip'], icon: 'build/icon.png' },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    deleteAppDataOnUninstall: false,
  },
  linux: {
    target: ['AppImage', 'deb', 'rpm'],
    executableName: 'ostor-console',
    syncDesktopName: true,
    category: 'System',
    icon: 'build/icon.png',
    maintainer: 'Ostor Console authors <noreply@ostor-console.invalid>',
  },
  deb: {
    depends: [
      'libgtk-3-0 | libgtk-3-0t64',
      'libnss3',
      'libasound2 | libasound2t64',
      'libgbm1',
      'libxss1',
      'libxtst6',
      'libnotify4',
      'libatspi2.0-0 | libatspi2.0-0t64',
      'libuuid1',
      'xdg-utils',
      'libsecret-1-0',
    ],
    recommends: ['gnome-keyring | kwalletmanager', 'libayatana-appindicator3-1'],
  },
  rpm: {
    depends: [
      'gtk3',
      'nss',
      'alsa-lib',
      'mesa-libgbm',
      'libXScrnSaver',
      'libXtst',
      'libnotify',
      'at-spi2-core',
      'libuuid',
      'xdg-utils',
      'libsecret',
    ],
  },
};
