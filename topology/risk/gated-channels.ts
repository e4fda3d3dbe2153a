import { type Channel } from '#schemas'

/** Whether an order waits for its risk decision. Of the others it is only recorded: who sends them answers for their customers. */
export const isGated: Readonly<Record<Channel, boolean>> = { storefront: true, api: true, import: false, backoffice: false }
