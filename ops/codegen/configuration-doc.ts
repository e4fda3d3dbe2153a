import { settings } from '../config.ts'
import { describeSettings } from './settings-table.ts'

/** The text of docs/configuration.md: how settings are read, and the table of all of them. */
export function configurationDoc (): string {
  const rows = describeSettings(settings).map(({ name, description, unit, range, fallback }) =>
    `| \`${name}\` | ${cell(description)} | ${unit} | ${cell(range)} | ${fallback === '' ? '' : `\`${fallback}\``} |`)
  return `# Configuration

<!-- Generated from ops/config.ts by \`npm run generate\`: edit the schema there. -->

Every setting is an environment variable. They are read once, at the start, in this order: the command line (\`--provider\`,
\`--data-dir\`, …), the environment, the file \`.env\` in the working directory, the default. An empty variable counts as not set. A wrong
value ends the start with one line that names it. \`.env.example\` lists the same settings, ready to copy.

Paths are relative to the working directory. The services of the stack bind to \`COMMERCE_HOST\` only, which is a loopback address by
default: none of them asks for a password.

| setting | meaning | unit | range | default |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}

function cell (text: string): string {
  return text.replaceAll('|', '\\|')
}
