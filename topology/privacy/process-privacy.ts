import { type EraseSubject, type KeyDestruction } from '#schemas'
import { StreamsError } from '../../streams/errors.ts'
import {
  type EffectDef, type EffectRow, type ProcessorContext, type ProcessorDef, type RecordInfo, defineProcessor, defineStore
} from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { causeOf, causeOfSource, commandIdOf, commandMeta, eventMeta } from '../envelope.ts'
import { topics } from '../topics.ts'
import { complete, takeUp } from './erasure.ts'
import { type DestroyedKey, KeysUnavailable } from './key-store.ts'
import { type Keyring } from './keyring.ts'
import { customerKeyId, guestKeyId } from './subject.ts'

/** Name of the sub-topology. */
export const privacyName = 'privacy'

/** One row a person who is erased, or is to be: by the id of his data key. */
export const erasureStore = defineStore('erasures', stateSerde(privacyName, 'Erasure'))

const destructionSerde = stateSerde(privacyName, 'KeyDestruction')

export interface PrivacyOptions {
  /** Destroys data keys: as often as it is asked, with the same answer. */
  readonly keys: Pick<Keyring, 'destroy'>
}

const noKeys: PrivacyOptions['keys'] = {
  destroy: async () => { throw new KeysUnavailable('this process has no key store') }
}

/** Erases persons: destroys their data keys in the key store, deletes their accounts, and tells the proof. See README.md. */
export function createPrivacyProcessor ({ keys }: PrivacyOptions = { keys: noKeys }): ProcessorDef {
  const destruction: EffectDef<KeyDestruction, DestroyedKey> = {
    name: 'destroy-key',
    request: destructionSerde,
    // A key store remembers for ever what it destroyed: calling again is always right.
    keyLifeMs: Number.MAX_SAFE_INTEGER,
    policy: 'at-least-once',
    call: async ({ request }) => ({ kind: 'succeeded', result: await keys.destroy(request.keyId) }),
    finish: (context, row, outcome) => {
      if (outcome.kind === 'succeeded') tell(context, row, outcome.result)
    }
  }

  return defineProcessor<EraseSubject>({
    name: privacyName,
    inputs: [topics.privacy.commands],
    outputs: [topics.identity.commands, topics.privacy.keys, topics.audit.admin],
    stores: [erasureStore],
    effects: [destruction],
    reads: command => [[erasureStore, command.keyId]],
    handlers: {
      EraseSubject: (context, command, record) => {
        refuseStrangers(command, record)
        const { keyId } = command
        const cause = causeOf(command.meta, context.source)
        const { erasure, deletes } = takeUp(context.store(erasureStore).get(keyId), command, cause.correlationId, context.nowMs)
        context.store(erasureStore).put(keyId, erasure)
        if (deletes !== null) {
          context.emit(topics.identity.commands, { key: deletes, value: { type: 'DeleteUser', meta: commandMeta(context, cause), userId: deletes } })
        }
        if (context.isEffectOpen(destruction, keyId)) return
        const request: KeyDestruction = { type: 'KeyDestruction', keyId, correlationId: cause.correlationId }
        context.startEffect(destruction, { key: keyId, idempotencyKey: commandIdOf(command.meta, context.source), request })
      }
    },
    parking: 'key'
  })
}

/** Proof on the topic that every process follows, and in the audit. */
function tell (context: ProcessorContext, { key: keyId, request }: EffectRow<KeyDestruction>, destroyed: DestroyedKey): void {
  const before = context.store(erasureStore).get(keyId)
  if (before === undefined) return
  const { erasure, proof } = complete(before, destroyed)
  context.store(erasureStore).put(keyId, erasure)
  if (proof === undefined) return
  const value = { ...proof, meta: eventMeta(context, causeOfSource(context.source, request.correlationId)) }
  context.emit(topics.privacy.keys, { key: keyId, value })
  context.emit(topics.audit.admin, { key: proof.subject, value: { ...value, meta: eventMeta(context, causeOfSource(context.source, request.correlationId)) } })
}

/** One writer a person, and no key but that of a person: neither by a record of another task, nor by a command that names another key. */
function refuseStrangers ({ keyId, subject }: EraseSubject, { key }: RecordInfo): void {
  if (key !== subject) throw new StreamsError('STR_RECORD_REFUSED', { why: 'the key of the record is not whom it is about' })
  if (keyId !== customerKeyId(subject) && keyId !== guestKeyId(subject)) throw new StreamsError('STR_RECORD_REFUSED', { why: 'the data key is not that of the person' })
}
