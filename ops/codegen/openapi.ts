import { describeApi } from '../../api/index.ts'
import { type GeneratedFile } from './avro-types.ts'

/** docs/openapi.json: what GET /openapi.json answers, checked in, so that a change of the API shows in review. */
export async function generateOpenApi (): Promise<readonly GeneratedFile[]> {
  return [{ path: 'docs/openapi.json', content: `${JSON.stringify(await describeApi(), null, 2)}\n` }]
}
