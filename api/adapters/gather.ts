/** Questions that go together at most: one call shall not hold its place up for everybody. */
const maxQuestions = 200

/** In the order of the questions; one may still be on its way, and fail by itself. */
type Answers<Answer> = ReadonlyArray<Answer | Promise<Answer>>

interface Turn<Question, Answer> {
  readonly questions: Question[]
  readonly answers: Promise<Answers<Answer>>
}

/**
 * Makes one call of the questions that come for the same place within one turn of the event loop: under load a system call and a round trip are
 * shared by many, and nobody waits for more than what was read from the sockets with it.
 *
 * Where `ask` rejects, it does for all of them.
 */
export function createGatherer<Place, Question, Answer> (
  ask: (place: Place, questions: readonly Question[]) => Promise<Answers<Answer>>
): (place: Place, question: Question) => Promise<Answer> {
  const open = new Map<Place, Turn<Question, Answer>>()

  function begin (place: Place): Turn<Question, Answer> {
    const questions: Question[] = []
    const turn = {
      questions,
      answers: new Promise<Answers<Answer>>((resolve, reject) => {
        setImmediate(() => {
          if (open.get(place) === turn) open.delete(place)
          ask(place, questions).then(resolve, reject)
        })
      })
    }
    open.set(place, turn)
    return turn
  }

  return async (place, question) => {
    const turn = open.get(place) ?? begin(place)
    const at = turn.questions.push(question) - 1
    if (turn.questions.length >= maxQuestions) open.delete(place)
    return await ((await turn.answers)[at] as Answer | Promise<Answer>)
  }
}
