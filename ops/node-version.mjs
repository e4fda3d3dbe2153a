// Plain JavaScript on purpose: it runs before anything that an older Node cannot even read. Used as `node --import ./ops/node-version.mjs`.

/** The oldest Node that runs the platform's TypeScript as it is. */
const oldest = [24, 12]

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(`OPS_NODE_TOO_OLD: Node ${process.versions.node} is too old (the platform runs TypeScript directly, which needs Node ${oldest.join('.')} or later). ` +
    'Start it through npm scripts after `npm ci` (on Linux x64 they bring their own Node), or install Node 24.\n')
  process.exit(1)
}
