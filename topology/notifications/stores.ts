import { defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { notificationsName } from './channel-effect.ts'

/** How long a notification can be looked up, and is known when it is asked for again, ms. */
export const rememberMs = 30 * 86_400_000

/** How readers are reached and want to be, by reader. */
export const profileStore = defineStore('profiles', stateSerde(notificationsName, 'ReaderProfile'))

/** What readers were told, by reader: kept a day longer than the newest of it. */
export const historyStore = defineStore('histories', stateSerde(notificationsName, 'ReaderHistory'), { ttlMs: rememberMs + 86_400_000 })

/** Notifications by id. */
export const notificationStore = defineStore('notifications', stateSerde(notificationsName, 'NotificationState'), { ttlMs: rememberMs })
