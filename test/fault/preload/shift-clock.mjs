// Loaded with --import: the wall clock of this process is off by so many milliseconds. Monotonic time is left alone, as on a machine with a wrong date.
const shiftMs = Number(process.env.FAULT_CLOCK_SHIFT_MS ?? 0)
const now = Date.now.bind(Date)
const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor (...args) {
    if (args.length === 0) super(now() + shiftMs)
    else super(...args)
  }

  static now () { return now() + shiftMs }
}
