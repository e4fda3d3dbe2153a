import { createHmac, hkdfSync } from 'node:crypto'

/** Keyed hashes: who reads the log or the state cannot try addresses out, because he lacks the secret. */
export interface IdentityKeys {
  /** Key of the e-mail address in the log and in the state, hex. The same for every way of writing the address. */
  emailKey (email: string): string
  /** Key of a network address, hex. */
  addressKey (address: string): string
}

/**
 * Keys from one master secret of 32 bytes. Whoever loses it loses every account: nobody can be found by his address any more. It is no
 * key of personal data, and is never changed.
 */
export function createIdentityKeys (master: Buffer): IdentityKeys {
  if (master.length !== 32) throw new RangeError('the identity secret must have 32 bytes')
  const emails = derive(master, 'email')
  const addresses = derive(master, 'address')
  return {
    emailKey: email => createHmac('sha256', emails).update(normaliseEmail(email)).digest('hex'),
    addressKey: address => createHmac('sha256', addresses).update(address).digest('hex').slice(0, 32)
  }
}

/** One way of writing an e-mail address: without white space around it, in lower case, in one Unicode form. */
export function normaliseEmail (email: string): string {
  return email.trim().normalize('NFKC').toLowerCase()
}

function derive (master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, 'commerce.identity', purpose, 32))
}
