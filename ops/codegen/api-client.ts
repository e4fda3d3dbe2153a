import openapiTS, { type OpenAPI3, astToString } from 'openapi-typescript'
import { describeApi } from '../../api/index.ts'
import { type GeneratedFile } from './avro-types.ts'

/** Types of every operation of the API, for a client that is checked against the description: test/client/client.ts. */
export async function generateApiTypes (): Promise<readonly GeneratedFile[]> {
  const types = astToString(await openapiTS(await describeApi() as OpenAPI3, { alphabetize: true, defaultNonNullable: false }))
  return [{ path: 'test/client/generated/openapi.ts', content: `// Generated from the OpenAPI document by \`npm run generate\`: edit the schemas in api/.\n\n${types}` }]
}
