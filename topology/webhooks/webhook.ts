import {
  type ChangeWebhook, type PingWebhook, type RemoveWebhook, type ResendWebhook, type RotateWebhookSecret, type SubscribeWebhook, type WebhookChange,
  type WebhookState, type WebhookStop
} from '#schemas'
import { type Body } from '../commands/body.ts'
import { type Rejection, contentHash } from '../commands/processed-command.ts'

/** What an owner asks of a subscription. */
export type WebhookCommand = SubscribeWebhook | ChangeWebhook | RotateWebhookSecret | RemoveWebhook | PingWebhook | ResendWebhook

/** Commands that are remembered of a subscription: a repeat that comes after as many others is carried out again. */
const keptCommands = 50
/** Subscriptions that an account may have. */
export const maxWebhooks = 20
/** Secrets that sign at a time: the newest, and those before that are not over yet. */
export const maxSecrets = 5

/**
 * What a command leads to. `webhook`: the row afterwards, undefined = none. `change`: what is told. `send`: messages that it asks for. A command that
 * was carried out before leads to nothing. `stop`: the subscription is to be stopped for that reason.
 */
export interface Decision {
  readonly webhook: WebhookState | undefined
  readonly change?: WebhookChange
  readonly stop?: WebhookStop
  readonly send?: 'ping' | 'resend' | 'waiting'
  readonly rejection?: Rejection
}

/** What a decision depends on beside the subscription. `owned`: how many its owner has when he makes another one, else 0. */
export interface DecisionContext { readonly commandId: string, readonly nowMs: number, readonly owned: number }

/** Decides on a command. Pure. */
export function decideWebhook (before: WebhookState | undefined, command: WebhookCommand, { commandId, nowMs, owned }: DecisionContext): Decision {
  const hash = contentHash(command)
  const known = before?.commands.find(entry => entry.commandId === commandId)
  if (known?.bodyHash === hash) return { webhook: before }
  if (known !== undefined) return refuse(before, 'command-id-reused', 'the command id was used before with other content')
  if (command.type === 'SubscribeWebhook') {
    if (before !== undefined) return refuse(before, 'webhook-exists', 'there is a subscription of that id')
    if (owned >= maxWebhooks) return refuse(before, 'too-many-webhooks', `an account has ${maxWebhooks} subscriptions at most`)
    return { webhook: remember(subscribed(command, nowMs), commandId, hash, nowMs), change: 'subscribed' }
  }
  if (before === undefined) return refuse(before, 'unknown-webhook', 'there is no such subscription')
  const decision = carryOut(before, command, nowMs)
  return decision.webhook === undefined ? decision : { ...decision, webhook: remember(decision.webhook, commandId, hash, nowMs) }
}

/** A subscription whose owner may no longer see what it tells, or that cannot be delivered to. */
export function stopWebhook (webhook: WebhookState, stopped: WebhookStop, nowMs: number): WebhookState {
  return { ...webhook, stopped, updatedAt: nowMs, version: webhook.version + 1 }
}

function carryOut (before: WebhookState, command: Exclude<WebhookCommand, SubscribeWebhook>, nowMs: number): Decision {
  switch (command.type) {
    case 'RemoveWebhook': return { webhook: undefined, change: 'removed' }
    case 'PingWebhook': return { webhook: before, send: 'ping' }
    case 'ResendWebhook': return { webhook: before, send: 'resend' }
    case 'RotateWebhookSecret': return { webhook: rotated(before, command, nowMs), change: 'secretRotated' }
    case 'ChangeWebhook': return changed(before, command)
  }
}

function subscribed ({ webhookId, ownerId, url, eventTypes, description, secretId }: Body<SubscribeWebhook>, nowMs: number): WebhookState {
  return {
    type: 'WebhookState',
    webhookId,
    ownerId,
    url,
    eventTypes,
    description,
    stopped: null,
    secrets: [{ secretId, until: null }],
    createdAt: nowMs,
    updatedAt: nowMs,
    version: 0,
    openCalls: 0,
    failuresInRow: 0,
    lastSuccessAt: null,
    commands: []
  }
}

/** The new secret signs at once; those before it do until their overlap is over. */
function rotated (before: WebhookState, { secretId, overlapMs }: Body<RotateWebhookSecret>, nowMs: number): WebhookState {
  const until = nowMs + overlapMs
  const older = before.secrets
    .map(secret => ({ ...secret, until: Math.min(secret.until ?? until, until) }))
    .filter(secret => secret.until > nowMs)
  return { ...before, secrets: [{ secretId, until: null }, ...older].slice(0, maxSecrets) }
}

function changed (before: WebhookState, { url, eventTypes, description, enabled }: Body<ChangeWebhook>): Decision {
  const webhook = { ...before, url: url ?? before.url, eventTypes: eventTypes ?? before.eventTypes, description: description ?? before.description }
  if (enabled === true && before.stopped !== null) return { webhook: { ...webhook, stopped: null, failuresInRow: 0 }, change: 'enabled', send: 'waiting' }
  if (enabled === false && before.stopped === null) return { webhook, stop: 'owner' }
  // Where it goes to another place, what was learned of the one before counts no more.
  return { webhook: url === null || url === before.url ? webhook : { ...webhook, failuresInRow: 0 }, change: 'updated', send: 'waiting' }
}

function remember (webhook: WebhookState, commandId: string, bodyHash: string, nowMs: number): WebhookState {
  const commands = [...webhook.commands, { commandId, bodyHash }].slice(-keptCommands)
  return { ...webhook, commands, updatedAt: nowMs, version: webhook.version + 1 }
}

function refuse (webhook: WebhookState | undefined, code: string, message: string): Decision {
  return { webhook, rejection: { code, field: null, message } }
}
