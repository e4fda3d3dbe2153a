/** How large the parts of a product and of the tree may be: in the rules of the catalog, and in the schemas of the API alike. */
export const catalogLimits = Object.freeze({
  skuLength: 64,
  nameLength: 200,
  descriptionLength: 4_000,
  categories: 10,
  attributes: 30,
  attributeValueLength: 100,
  images: 20,
  imageUrlLength: 500,
  imageAltLength: 200,
  /** Largest Avro int. Grams, or cubic centimetres. */
  measure: 2_147_483_647,
  /** Categories that ever were: the tree is one row. */
  treeCategories: 1_000,
  categoryIdLength: 64,
  categoryNameLength: 100
})

/** Name of an attribute. */
export const attributeNamePattern = /^[a-z][a-z0-9-]{0,31}$/

/** Id of a category: lower case words joined by dashes, at most `categoryIdLength` characters. */
export const categoryIdPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/

/** Address of a picture. */
export const imageUrlPattern = /^https:\/\/[^\s"<>\\]+$/
