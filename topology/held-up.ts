/**
 * A timer that fires later than this was held up: its task was down or behind. That time is not held against anybody, because the
 * answers that the timer guards may have been held up as well.
 */
export const heldUpMs = 5_000
