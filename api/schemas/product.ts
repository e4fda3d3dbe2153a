import { type Static, Type } from 'typebox'
import { availabilitySymbols, productStatusSymbols } from '#schemas'
import { attributeNamePattern, catalogLimits, categoryIdPattern, imageUrlPattern } from '../../topology/catalog/limits.ts'
import { Sku } from './inventory.ts'
import { instant, money, nullable, text } from './order.ts'

const strict = { additionalProperties: false } as const

/** Path of everything below one product. Its id is its SKU. */
export const ProductParams = Type.Object({ id: Sku })

/** Id of a category in a path or a body. */
export const CategoryId = Type.String({
  pattern: categoryIdPattern.source, maxLength: catalogLimits.categoryIdLength, description: 'Id of a category: lower case letters, digits and dashes.'
})

const currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code.' })
/** An amount as a client writes it. */
export const amount = (description: string) => Type.String({ pattern: '^\\d{1,14}(\\.\\d{1,4})?$', description: `${description} Decimal text, at most four places.` })

const Attribute = Type.Object({
  name: Type.String({ pattern: attributeNamePattern.source, description: 'Name in lower case, e.g. colour.' }),
  value: text(catalogLimits.attributeValueLength, 'Value for people, e.g. red.')
}, strict)
const Image = Type.Object({
  url: Type.String({ pattern: imageUrlPattern.source, maxLength: catalogLimits.imageUrlLength, description: 'Where it lies, https.' }),
  alt: Type.Optional(Type.String({ maxLength: catalogLimits.imageAltLength, description: 'What it shows, in words for people.' }))
}, strict)

const Attributes = Type.Array(Attribute, { maxItems: catalogLimits.attributes, description: 'What it can be found by, one value a name.' })
const Images = Type.Array(Image, { maxItems: catalogLimits.images, description: 'Pictures in the order in which they are shown.' })
const Name = text(catalogLimits.nameLength, 'Name for people.')
const measure = (description: string) => Type.Integer({ minimum: 0, maximum: catalogLimits.measure, description })

const content = {
  description: Type.Optional(Type.String({ maxLength: catalogLimits.descriptionLength, description: 'What it is, in words for people.' })),
  weightGrams: Type.Optional(measure('Weight of one piece. Grams.')),
  volumeCm3: Type.Optional(measure('Volume of one piece. Cubic centimetres; 0 = not known.')),
  categoryIds: Type.Optional(Type.Array(CategoryId, { maxItems: catalogLimits.categories, uniqueItems: true, description: 'Categories that it is in.' })),
  attributes: Type.Optional(Attributes),
  images: Type.Optional(Images),
  featured: Type.Optional(Type.Boolean({ description: 'Whether it is shown on the front page.' }))
}

export const CreateProductBodySchema = Type.Object({
  sku: Sku,
  name: Name,
  prices: Type.Optional(Type.Array(Type.Object({ currency, amount: amount('Price of one piece.') }, strict), { maxItems: 50, description: 'One price a currency.' })),
  stocked: Type.Optional(Type.Boolean({ default: true, description: 'False for charges such as postage.' })),
  status: Type.Optional(Type.Enum(['draft', 'published'], { default: 'draft', description: 'Only a published product is for sale.' })),
  ...content
}, {
  ...strict,
  description: 'A product that is new.',
  examples: [{ sku: 'MUG-RED', name: 'Red mug', prices: [{ currency: 'GBP', amount: '12.50' }], status: 'draft', weightGrams: 380, attributes: [{ name: 'colour', value: 'red' }] }]
})

export const UpdateProductBodySchema = Type.Object({ name: Type.Optional(Name), ...content }, {
  ...strict, minProperties: 1, description: 'What is to change; lists are replaced whole.', examples: [{ description: 'A mug of stoneware.', featured: true }]
})
export const AttributesBodySchema = Type.Object({ attributes: Attributes }, {
  ...strict, description: 'All attributes of the product.', examples: [{ attributes: [{ name: 'colour', value: 'red' }, { name: 'material', value: 'stoneware' }] }]
})
export const ImagesBodySchema = Type.Object({ images: Images }, {
  ...strict, description: 'All images of the product.', examples: [{ images: [{ url: 'https://images.example.com/mug-red.jpg', alt: 'A red mug' }] }]
})
export const PriceBodySchema = Type.Object({ currency, amount: amount('Price of one piece from now on.') }, {
  ...strict, description: 'A price.', examples: [{ currency: 'GBP', amount: '13.00' }]
})

/** A product as readers get it. */
export const ProductBodySchema = Type.Object({
  id: Type.String({ description: 'The SKU.' }),
  sku: Type.String(),
  name: Type.String(),
  description: Type.String(),
  status: Type.Enum(productStatusSymbols, { description: 'Only published products are shown to who may not write.' }),
  availability: Type.Enum(availabilitySymbols, { description: 'How much of it can be had, roughly.' }),
  prices: Type.Array(Type.Object({ currency: Type.String(), amount: money('Price of one piece.') })),
  stocked: Type.Boolean({ description: 'False for charges such as postage.' }),
  weightGrams: Type.Integer(),
  volumeCm3: Type.Integer({ description: '0 = not known.' }),
  categoryIds: Type.Array(Type.String()),
  attributes: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
  images: Type.Array(Type.Object({ url: Type.String(), alt: Type.String() })),
  featured: Type.Boolean(),
  version: Type.Integer({ description: 'Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag.' }),
  updatedAt: nullable(instant('When it was last changed by people; null = not known.'))
}, { description: 'A product.' })

const Counts = Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }))

/** A page of products, with what the whole list can be narrowed down by. */
export const ProductPageSchema = Type.Object({
  items: Type.Array(ProductBodySchema),
  next: nullable(Type.String({ description: 'Value of `after` for the next page; null on the last.' })),
  facets: Type.Object({
    total: Type.Integer({ description: 'Products on all pages.' }),
    categories: Counts,
    availability: Counts,
    attributes: Type.Array(Type.Object({ name: Type.String(), values: Counts })),
    price: nullable(Type.Object({ currency: Type.String(), lowest: money('Lowest price.'), highest: money('Highest price.') }))
  }, { description: 'How many products of the whole list have which value.' })
})

/** What a product cost when. */
export const PriceHistorySchema = Type.Object({
  items: Type.Array(Type.Object({
    changedAt: instant('When.'), currency: Type.String(), before: nullable(money('Price before; null = there was none.')), after: money('Price from then on.')
  })),
  next: nullable(Type.String({ description: 'Value of `after` for the next page; null on the last.' }))
})

/** The answer to an accepted change of the catalog. */
export const AcceptedProduct = Type.Object({
  sku: Type.String(),
  commandId: Type.String({ description: 'Names the command in commerce.orders.rejections, should it be refused.' }),
  status: Type.Literal('accepted'),
  location: Type.String({ description: 'Where the product can be read, once the change is visible.' })
}, { description: 'The change is in the log and will not be lost.' })

export type ProductBody = Static<typeof ProductBodySchema>
export type ProductPage = Static<typeof ProductPageSchema>
export type CreateProductBody = Static<typeof CreateProductBodySchema>
export type UpdateProductBody = Static<typeof UpdateProductBodySchema>
