/** A record as a pure decision makes it: everything but the metadata, which the processor adds. */
export type Body<Message> = Message extends unknown ? Omit<Message, 'meta'> : never
