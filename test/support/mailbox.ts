import { type Letter, readMailbox } from '../../ops/mailbox.ts'
import { type TestPlatform } from './platform.ts'
import { until } from './until.ts'

/**
 * The newest letter of that template to somebody; waits for it. Letters to others do not count: tests share the topic.
 *
 * @throws when none has come within a minute.
 */
export async function letterTo (platform: TestPlatform, email: string, template: string): Promise<Letter> {
  let letter: Letter | undefined
  await until(async () => {
    letter = (await readMailbox(platform.kafka, platform.keys)).findLast(each => each.to === email && each.template === template)
    return letter !== undefined
  })
  return letter as Letter
}
