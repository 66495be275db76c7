// Packages for the system it runs on.
module.exports = {
  appId: 'com.ostor.console',
  productName: 'Ostor Console',
  directories: { output: 'dist', buildResources: 'build' },
  files: ['out/**', '!out/.stamp', 'package.json', 'node_modules/keytar/**'],
  asar: true,
  asarUnpack: ['node_modules/keytar/**'],
  npmRebuild: false,
  // on Linux the keychain is asked by the console's own program run as Node, in a process of its own
  electronFuses: {
    runAsNode: process.platform === 'linux',
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  mac: {
    target: ['dmg', 'zip'],
    category: 'public.app-category.developer-tools',
    icon: 'build/icon.png',
    hardenedRuntime: true,
    entitlements: 'build/entitlements.mac.plist',
    entitlementsInherit: 'build/entitlements.mac.plist',
  },
  win: { target: ['nsis', 'zip'], icon: 'build/icon.png' },
  nsis: { oneClick: false, allowToChangeInstallationDirectory: true },
  linux: {
    target: ['AppImage', 'deb', 'rpm'],
    category: 'System',
    icon: 'build/icon.png',
    maintainer: 'Ostor Console authors',
  },
  deb: { depends: ['libsecret-1-0', 'libgtk-3-0', 'libnss3', 'libxss1', 'libasound2'] },
};
