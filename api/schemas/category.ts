import { type Static, Type } from 'typebox'
import { catalogLimits } from '../../topology/catalog/limits.ts'
import { nullable, text } from './order.ts'
import { CategoryId } from './product.ts'

const strict = { additionalProperties: false } as const

/** Path of everything below one category. */
export const CategoryParams = Type.Object({ id: CategoryId })

const Name = text(catalogLimits.categoryNameLength, 'Name for people.')
const ParentId = nullable(CategoryId)

export const CreateCategoryBodySchema = Type.Object({ categoryId: CategoryId, name: Name, parentId: Type.Optional(ParentId) }, {
  ...strict, description: 'A category that is new.', examples: [{ categoryId: 'kitchen', name: 'Kitchen' }]
})
export const RenameCategoryBodySchema = Type.Object({ name: Name }, { ...strict, description: 'Another name.', examples: [{ name: 'Kitchen and table' }] })
export const MoveCategoryBodySchema = Type.Object({ parentId: ParentId }, { ...strict, description: 'Another place; null = at the top.', examples: [{ parentId: 'home' }] })

/** A category with what is below it. */
export const CategoryNodeSchema = Type.Cyclic({
  Category: Type.Object({
    categoryId: Type.String(),
    name: Type.String(),
    parentId: nullable(Type.String()),
    version: Type.Integer({ description: 'Changes, counted from 1; also in the ETag.' }),
    children: Type.Array(Type.Ref('Category'))
  }, { description: 'A category with what is below it.' })
}, 'Category')

export const CategoryTreeSchema = Type.Object({ items: Type.Array(CategoryNodeSchema) }, { description: 'The categories at the top, by name, each with what is below it.' })

/** The answer to an accepted change of the tree. */
export const AcceptedCategory = Type.Object({
  categoryId: Type.String(),
  commandId: Type.String({ description: 'Names the command in commerce.orders.rejections, should it be refused.' }),
  status: Type.Literal('accepted'),
  location: Type.String({ description: 'Where the category can be read, once the change is visible.' })
}, { description: 'The change is in the log and will not be lost.' })

export type CreateCategoryBody = Static<typeof CreateCategoryBodySchema>
