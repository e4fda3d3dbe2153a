export * from './generated/types.ts'
export { fullNames, schemas } from './generated/schemas.ts'
