import { settings } from '../config.ts'
import { describeSettings } from './settings-table.ts'

/** The text of `.env.example`: every setting with its meaning, commented out at its default. */
export function envExample (): string {
  const entries = describeSettings(settings).map(({ name, description, unit, range, fallback }) =>
    `${wrap(`${description} (${[unit, range].filter(part => part !== '').join(', ')})`)}\n#${name}=${fallback}\n`)
  return `# Copy to .env and take the # off the settings you change. The environment wins over this file, the command line over both.
# Generated from ops/config.ts by \`npm run generate\`.

${entries.join('\n')}`
}

function wrap (text: string): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length > 118) lines.push(`# ${word}`)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.join('\n')
}
