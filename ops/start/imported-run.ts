import { systemClock } from '#streams'
import { importReferencePrefix } from '../../topology/imports/import-ids.ts'
import { formatMoney } from '../../topology/money.ts'
import { feedInvoices } from '../import/feed-invoices.ts'
import { importCurrency } from '../import/invoice-record.ts'
import { lastSent } from '../import/last-sent.ts'
import { OpenOrders } from '../import/open-orders.ts'
import { readAgain } from '../import/read-again.ts'
import { type Survey, type SurveyProgress, openingStock, surveyFile } from '../import/survey.ts'
import { createUnsettledOrders } from '../import/unsettled-orders.ts'
import { type ListedProduct, listProducts } from '../play/catalog.ts'
import { createRunId } from '../play/run-id.ts'
import { createStallWatch } from '../play/stall-watch.ts'
import { importedInput } from '../verify/import-rows.ts'
import { type ExpectedFigures } from '../verify/run.ts'
import { type RunContext } from './context.ts'
import { bar, createProgressLine, createRate, heading } from './progress.ts'
import { type PlayContext, type Played, type RunPlan } from './run-plan.ts'

/** A check that takes longer than this shows how far it is, ms. */
const silentMs = 1000

/** What planning needs of the process. */
export type ImportContext = Pick<RunContext, 'options' | 'print' | 'signal'> & { readonly path: string }

/**
 * Reads and checks the file that is to be imported, and plans its run. Needs no service and sends nothing.
 *
 * @throws {OpsError} OPS_IMPORT_… for what cannot be imported: see surveyFile.
 */
export async function planImportedRun (context: ImportContext): Promise<RunPlan> {
  const { path, options: { stockShare }, print } = context
  print(heading(`Checking ${path}`))
  const survey = await checkFile(context)
  const { file, sha256, rows, products } = survey
  const { sale, creditNote, stockIn, writeOff, adjustment } = survey.invoices
  const invoices = sale + creditNote + stockIn + writeOff + adjustment
  print(`${rows} rows in ${invoices} invoices: ${sale} sales, ${creditNote} credit notes, ${stockIn + writeOff} stock movements, ${adjustment} adjustments`)
  printLeftOut(survey, print)
  const runId = createRunId({ source: 'import', seed: sha256, options: { stockShare } })
  return {
    kind: 'import',
    title: `import of ${file.name}`,
    source: `--input ${file.name} --stock-share ${stockShare}`,
    run: {
      runId,
      referencePrefix: importReferencePrefix(runId),
      ownsStock: sku => products.get(sku)?.stocked === true,
      readInput: async client => await importedInput(client, runId),
      expected: expectedFigures(survey, invoices)
    },
    play: async how => await playImport(how, { survey, runId, invoices })
  }
}

async function checkFile ({ path, options: { skipBad }, signal }: ImportContext): Promise<Survey> {
  const line = createProgressLine(process.stdout, () => systemClock.now())
  const rate = createRate(() => systemClock.now())
  const startedAtMs = systemClock.now()
  const onProgress = ({ rows, readBytes, sizeBytes }: SurveyProgress): void => {
    const speed = rate(rows, rows * sizeBytes / Math.max(1, readBytes))
    if (systemClock.now() - startedAtMs >= silentMs) line.update(`  rows ${bar(readBytes, sizeBytes)} ${rows}, ${speed}`)
  }
  return await surveyFile({ path, skipBad, signal, onProgress }).finally(() => { line.end() })
}

function printLeftOut ({ leftOut: { lines, examples } }: Survey, print: (line: string) => void): void {
  if (lines.size === 0) return
  print(`${lines.size} bad rows are left out${lines.size > examples.length ? `, the first ${examples.length} of them` : ''}:`)
  for (const { line, column, problem } of examples) print(`  line ${line}, column ${column}: ${problem}`)
}

/** What must come of the file, told by itself alone. */
function expectedFigures ({ rows, invoices: { sale }, sales, credits, adjustments }: Survey, invoices: number): ExpectedFigures {
  const net = sales.amount - credits.amount + adjustments.amount
  return {
    orders: sale,
    input: { rows, invoices },
    lines: sales.lines,
    revenue: sale === 0 ? {} : { [importCurrency]: formatMoney(sales.amount) },
    credits: { ...credits, amount: formatMoney(credits.amount) },
    adjustments: { ...adjustments, amount: formatMoney(adjustments.amount) },
    net: net === 0n ? {} : { [importCurrency]: formatMoney(net) },
    timedOut: 0
  }
}

interface PlannedImport { readonly survey: Survey, readonly runId: string, readonly invoices: number }

async function playImport (context: PlayContext, { survey, runId, invoices }: PlannedImport): Promise<Played> {
  const { options, config, platform: { kafka, state }, record, signal, onProgress } = context
  const orders = new OpenOrders()
  const clock = systemClock
  const watch = createStallWatch({ clock, signal, open: () => orders.ids })
  await listProducts({
    kafka,
    clock,
    runId,
    products: listedProducts(survey, options.stockShare),
    from: record.from,
    watch,
    onProgress: (done, total) => { onProgress(`  catalog and opening stock ${bar(done, total)} ${done} of ${total}`) }
  })
  const rate = createRate(() => clock.now())
  await feedInvoices({
    kafka,
    clock,
    runId,
    invoices: readAgain(survey, signal),
    lastSent: await lastSent(kafka, runId),
    orders,
    unsettled: createUnsettledOrders(state),
    inFlight: options.inFlight ?? config.inFlight,
    speed: options.speed,
    watch,
    signal,
    onProgress: ({ done, open }) => { onProgress(`  invoices ${bar(done, invoices)} ${done} of ${invoices}, ${open} orders open, ${rate(done, invoices)}`) }
  })
  return orders
}

/** Everything that is sold or moved, as the catalog lists it before the first order. */
function listedProducts ({ products }: Survey, stockShare: number): readonly ListedProduct[] {
  return [...products].map(([sku, product]) => ({
    sku,
    name: product.name,
    prices: product.unitPrice === undefined ? {} : { [importCurrency]: product.unitPrice },
    weightGrams: 0,
    volumeCm3: 0,
    openingStock: product.stocked ? openingStock(product, stockShare) : null
  }))
}
