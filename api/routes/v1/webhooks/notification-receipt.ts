import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { outsideChannels } from '../../../../topology/notifications/channel.ts'
import { receiptRecord, readReceipt } from '../../../../topology/notifications/read-receipt.ts'
import { CallbackId, callbackAnswers, keepBytes, signedCallback, takeCallback } from './take-callback.ts'

/** POST /v1/webhooks/notifications: a provider tells what became of a message. Its signature is its token. */
export const notificationReceiptRoute: FastifyPluginAsyncTypebox = async app => {
  keepBytes(app)

  app.post('/notifications', {
    ...signedCallback,
    schema: {
      tags: ['webhooks'],
      operationId: 'receiveNotificationReceipt',
      summary: 'Receipt or bounce of a notification',
      description: 'Signed like the callbacks of payments. It may come twice, late, or out of order: it counts once. What is about no notification of ours is passed over.',
      security: [],
      headers: Type.Object({ 'receipt-signature': Type.Optional(Type.String({ description: 't=<epoch seconds>,v1=<HMAC-SHA256 over time, full stop and raw body>.' })) }),
      body: Type.Object({ id: CallbackId, channel: Type.Enum([...outsideChannels], { description: 'How the reader was told.' }) }, {
        additionalProperties: true,
        description: 'outcome: delivered, undelivered or refused; notificationId, or messageId of the letter (<notification id@domain>); code.',
        examples: [{ id: 'r-000001', channel: 'email', outcome: 'refused', messageId: '<1b4e28ba-2fa1-41d2-883f-0016d3cca427@shop.example>', code: '5.1.1' }]
      }),
      response: callbackAnswers
    }
  }, async (request, reply) => {
    const { queries, receipts } = app.services.notifications
    return await takeCallback(app.services, request, reply, {
      check: (body, nowMs) => {
        const signature = request.headers['receipt-signature']
        return receipts.check(Array.isArray(signature) ? signature[0] : signature, body, nowMs)
      },
      read: async body => {
        const reading = readReceipt(body)
        if (reading.kind !== 'heard') return reading
        const row = await queries.find(reading.receipt.notificationId)
        return row === undefined ? { kind: 'ignored', reason: 'unknown-notification' } : { ...reading, userId: row.userId }
      },
      record: ({ receipt, userId }, nowMs) => receiptRecord(receipt, userId, nowMs)
    })
  })
}
