/** The processes that every row finds at work. */
export const cast = { p1: 'processor', s1: 'sink', a1: 'api' } as const
