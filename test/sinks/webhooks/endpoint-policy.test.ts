import { test } from 'tap'
import { whyAddressRefused } from '../../../sinks/webhooks/address-policy.ts'
import { checkEndpoint, maxUrlLength } from '../../../sinks/webhooks/endpoint-policy.ts'

const strict = { allowLoopback: false }
const lax = { allowLoopback: true }
const refusalOf = (url: string, rules = strict): string | undefined => {
  const verdict = checkEndpoint(url, rules)
  return 'refused' in verdict ? verdict.refused : undefined
}

/** What leads inside, in every notation that a URL parser or a resolver takes. */
const insideAddresses = [
  '127.0.0.1', '127.255.255.254', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '0.0.0.0', '0.1.2.3', '100.64.0.1', '100.127.255.255',
  '169.254.169.254', '169.254.170.2', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '192.0.0.192', '192.0.2.1', '198.18.0.1',
  '198.51.100.1', '203.0.113.1', '168.63.129.16', '192.88.99.1',
  '::', '::1', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:a9fe:a9fe', '::127.0.0.1', '64:ff9b::7f00:1',
  '64:ff9b:1::1', '2002:7f00:1::', '2001::1', '2001:db8::1', '100::1', 'fec0::1', '4000::1', '5f00::1'
]

test('an address is refused when it is not plainly public', t => {
  for (const address of insideAddresses) t.type(whyAddressRefused(address, strict), 'string', address)
  for (const address of ['8.8.8.8', '93.184.216.34', '100.128.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001:81b::200e']) {
    t.equal(whyAddressRefused(address, strict), undefined, address)
  }
  for (const text of ['', 'localhost', '1.2.3', 'example.com']) t.type(whyAddressRefused(text, strict), 'string', `"${text}"`)
  t.end()
})

test('the development switch opens loopback addresses, and nothing else', t => {
  for (const address of ['127.0.0.1', '127.1.2.3', '::1']) t.equal(whyAddressRefused(address, lax), undefined, address)
  for (const address of insideAddresses.filter(each => !each.startsWith('127.') && each !== '::1')) t.type(whyAddressRefused(address, lax), 'string', address)
  t.end()
})

test('a URL is taken when it is https to a public name or address', t => {
  for (const url of ['https://example.com', 'https://hooks.example.com/a/b?c=d', 'https://example.com:443/', 'https://example.com:8443/', 'https://8.8.8.8/', 'https://xn--bcher-kva.example.org/']) {
    t.equal(refusalOf(url), undefined, url)
  }
  t.end()
})

const refusedUrls: Readonly<Record<string, readonly string[]>> = {
  'is no URL': ['', 'example.com', 'https://', 'https://exa mple.com/', 'https://[::1/'],
  'what a parser mends': [
    'https://example.com/\r\nX: y', ' https://example.com/', 'https://example.com/\t', 'https://exa\nmple.com/', 'https:\\\\example.com/', 'https:example.com', 'https:/example.com',
    'https:///example.com', 'https://:@example.com/', 'https://@example.com/'
  ],
  'another scheme': ['http://example.com/', 'ftp://example.com/', 'file:///etc/passwd', 'gopher://example.com/', 'javascript:alert(1)', 'data:text/plain,x'],
  'a user': ['https://user@example.com/', 'https://user:secret@example.com/', 'https://example.com:443@127.0.0.1/', 'https://127.0.0.1@example.com/'],
  'a fragment': ['https://example.com/#a'],
  'another port': ['https://example.com:22/', 'https://example.com:6379/', 'https://example.com:80/', 'https://example.com:9092/'],
  'loopback in other notations': [
    'https://127.0.0.1/', 'https://2130706433/', 'https://0x7f000001/', 'https://0x7f.1/', 'https://017700000001/', 'https://0177.0.0.1/', 'https://127.1/',
    'https://0/', 'https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[::ffff:7f00:1]/', 'https://[0:0:0:0:0:ffff:127.0.0.1]/', 'https://[::127.0.0.1]/',
    'https://127。0。0。1/', 'https://１２７.0.0.1/', 'https://①②⑦.0.0.1/', 'https://127.0.0.1./', 'https://[64:ff9b::127.0.0.1]/'
  ],
  'metadata of clouds': ['https://169.254.169.254/latest/meta-data/', 'https://2852039166/', 'https://[fd00:ec2::254]/', 'https://metadata.google.internal/', 'https://100.100.100.200/'],
  'names of the inside': [
    'https://localhost/', 'https://LOCALHOST/', 'https://redis/', 'https://a.localhost/', 'https://printer.local/', 'https://db.internal/', 'https://nas.lan/',
    'https://router.home.arpa/', 'https://localhost.localdomain/', 'https://ｌocalhost/'
  ],
  'a dot at the end': ['https://example.com./', 'https://localhost./']
}

for (const [why, urls] of Object.entries(refusedUrls)) {
  test(`a URL is refused when it is or has: ${why}`, t => {
    for (const url of urls) t.type(refusalOf(url), 'string', url)
    t.end()
  })
}

test('a URL is refused when it is longer than is kept', t => {
  t.type(refusalOf(`https://example.com/${'a'.repeat(maxUrlLength)}`), 'string')
  t.end()
})

test('the development switch takes http to this machine at any port, and to nothing else', t => {
  for (const url of ['http://localhost:3000/', 'http://127.0.0.1:8080/a', 'http://[::1]:1/', 'https://localhost/']) t.equal(refusalOf(url, lax), undefined, url)
  for (const url of ['http://example.com/', 'http://10.0.0.1/', 'http://169.254.169.254/', 'ftp://localhost/', 'http://user@localhost/', 'https://example.com:22/', 'http://localhost./']) {
    t.type(refusalOf(url, lax), 'string', url)
  }
  t.end()
})
