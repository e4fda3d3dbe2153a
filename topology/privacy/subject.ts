/** Id of the data key of a customer: of his account and of every order of his. Erasing the key erases him. */
export function customerKeyId (customerId: string): string {
  return `customer/${customerId}`
}

/** Id of the data key of a guest: of one order, for nothing says which other ones are his. */
export function guestKeyId (orderId: string): string {
  return `order/${orderId}`
}

/** Id of the data key of whoever an order is for. */
export function subjectKeyId (order: { readonly customerId: string | null, readonly orderId: string }): string {
  return order.customerId === null ? guestKeyId(order.orderId) : customerKeyId(order.customerId)
}
