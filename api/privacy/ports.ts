import { type Erasure } from '#schemas'

/** What the privacy processor knows of the erasure of a person. Rejects like the queries of orders: never `none` for a state that is missing. */
export interface ErasureQueries {
  /** By the customer, or the order of a guest; undefined = nobody has asked for it. */
  read (subject: string): Promise<Erasure | undefined>
}

/** A record about a person as analytics keeps it: as it was written, personal data encrypted. */
export interface KeptRecord {
  readonly type: string
  /** Epoch ms. */
  readonly occurredAtMs: number
  readonly payload: Readonly<Record<string, unknown>>
}

/** Reads what analytics keeps about a person, oldest first, in pieces. Rejects with the client's error. */
export interface KeptRecords {
  /** Events of an account, and the notifications that it was sent. */
  ofAccount (userId: string): AsyncIterable<KeptRecord>
  /** Events of an order, and the notifications about it. */
  ofOrder (orderId: string): AsyncIterable<KeptRecord>
  /** What visitors did, and which variants they were shown, where it says whose doing it was. */
  ofVisitor (customerId: string): AsyncIterable<KeptRecord>
}
