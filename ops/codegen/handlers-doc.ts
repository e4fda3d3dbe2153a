import { handlerCatalogue } from '../../topology/handler-catalogue.ts'

/** The text of docs/handlers.md: every event handler, out of the catalogue in the topology. */
export function handlersDoc (): string {
  const rows = handlerCatalogue.map(entry => {
    if ('isOpen' in entry) return `| ${entry.no} | ${entry.name} | ${entry.node} | | | not there yet | |`
    const { no, name, node, on, code, test: [file, title] } = entry
    return `| ${no} | ${name} | ${node} | ${on.join(', ')} | ${topicsOf(entry.in)} → ${topicsOf(entry.out)} | ${link(code)} | ${link(file)} ${title.replaceAll('|', '\\|')} |`
  })
  const built = handlerCatalogue.filter(entry => !('isOpen' in entry)).length
  return `# Event handlers

<!-- Generated from topology/handler-catalogue.ts by \`npm run generate\`: edit the table there. -->

${built} of ${handlerCatalogue.length}. Topics without their prefix \`commerce.\`. *On*: the records that it reacts to, by type; a timer is a row of its
node. The node \`runtime\` is every processor ([streams/DESIGN.md](../streams/DESIGN.md), "Parked keys").

| # | handler | node | on | in → out | code | test |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}

function topicsOf (names: readonly string[]): string {
  return names.map(name => name.replace('commerce.', '')).join(', ')
}

function link (path: string): string {
  return `[${path.slice(path.lastIndexOf('/') + 1)}](../${path})`
}
