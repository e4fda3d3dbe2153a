import { test } from 'tap'
import { killPoints, killSteps, tooLate } from './kill-plan.ts'

test('each step to the next kill is a tenth of the orders or more, and all of them leave a tenth, when any seed draws them', t => {
  for (let seed = 0; seed < 200; seed++) {
    for (const times of [1, 2, 4, 9]) {
      const steps = killSteps(times, String(seed))
      t.equal(steps.length, times)
      if (!steps.every(step => step >= 0.1) || steps.reduce((sum, step) => sum + step, 0) > 0.9 + 1e-9) t.fail(`seed ${seed}: ${steps.join()}`)
    }
  }
  t.same(killSteps(3, 'a'), killSteps(3, 'a'))
  t.not(killSteps(3, 'a')[0], killSteps(3, 'b')[0])
  t.end()
})

test('points of kills lie a tenth or more apart and end before it is too late', t => {
  for (let seed = 0; seed < 200; seed++) {
    const points = killPoints(6, String(seed))
    t.equal(points.length, 6)
    if (!points.every((point, at) => point - (points[at - 1] ?? 0) > 0.0999 && point < tooLate)) t.fail(`seed ${seed}: ${points.join()}`)
  }
  t.end()
})
