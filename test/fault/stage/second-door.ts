import { type ServiceSpec } from '../../../ops/stack/service.ts'

/**
 * A broker with a second listener, which it advertises at a proxy's port: whoever enters through the proxy stays behind it, and the broker
 * itself, and whoever looks from outside, keep the first one.
 */
export function withSecondDoor (spec: ServiceSpec, door: { readonly host: string, readonly port: number, readonly advertised: number }): ServiceSpec {
  const { host, port, advertised } = door
  const files = Object.fromEntries(Object.entries(spec.files).map(([path, content]) => [path, content
    .replace(/^listeners=.*$/m, `$&,PROXIED://${host}:${port}`)
    .replace(/^advertised\.listeners=.*$/m, `$&,PROXIED://${host}:${advertised}`)
    .replace(/^listener\.security\.protocol\.map=.*$/m, '$&,PROXIED:PLAINTEXT')]))
  return { ...spec, files }
}

/**
 * A service that can write no file beyond a size: each further write fails as on a full disk, but for the number of the error (EFBIG). A shell
 * sets the limit, so nothing has to be mounted. `kib`: in units of 1,024 bytes or, with some shells, of 512.
 */
export function withFileLimit (spec: ServiceSpec, kib: number): ServiceSpec {
  return { ...spec, command: 'sh', args: ['-c', 'trap "" XFSZ; ulimit -f "$1"; shift; exec "$@"', 'sh', String(kib), spec.command, ...spec.args] }
}
