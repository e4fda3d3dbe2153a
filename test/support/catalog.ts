import {
  type ArchiveCategory, type ArchiveProduct, type ChangePrice, type CommandMeta, type CreateCategory, type CreateProduct, type MoveCategory,
  type ProductView, type PublishProduct, type RenameCategory, type UnpublishProduct, type UpdateProduct
} from '#schemas'

const meta: CommandMeta = { commandId: '', bodyHash: null, issuedAt: 0, correlationId: '', principal: null, tenant: 'default' }

/** A new product of one pound: stocked and published, with nothing to tell, unless the test says otherwise. */
export function createProduct (sku: string, change: Partial<CreateProduct> = {}): CreateProduct {
  const content = { name: sku.toLowerCase(), description: '', weightGrams: 0, volumeCm3: 0, categoryIds: [], attributes: [], images: [], featured: false }
  return { type: 'CreateProduct', meta, sku, ...content, prices: [{ currency: 'GBP', amount: 10_000n }], stocked: true, status: 'published', ...change }
}

export function updateProduct (sku: string, change: Partial<UpdateProduct> = {}): UpdateProduct {
  return {
    type: 'UpdateProduct', meta, sku, expectedVersion: null, name: null, description: null, weightGrams: null, volumeCm3: null, categoryIds: null, attributes: null, images: null, featured: null, ...change
  }
}

export function changePrice (sku: string, amount: bigint, change: Partial<ChangePrice> = {}): ChangePrice {
  return { type: 'ChangePrice', meta, sku, currency: 'GBP', amount, expectedVersion: null, ...change }
}

type Move = PublishProduct | UnpublishProduct | ArchiveProduct

export function moveProduct (type: Move['type'], sku: string, change: Partial<Omit<Move, 'type'>> = {}): Move {
  return { type, meta, sku, expectedVersion: null, ...change }
}

export function createCategory (categoryId: string, parentId: string | null = null, change: Partial<CreateCategory> = {}): CreateCategory {
  return { type: 'CreateCategory', meta, categoryId, name: categoryId, parentId, ...change }
}

export function renameCategory (categoryId: string, name: string, change: Partial<RenameCategory> = {}): RenameCategory {
  return { type: 'RenameCategory', meta, categoryId, name, expectedVersion: null, ...change }
}

export function moveCategory (categoryId: string, parentId: string | null, change: Partial<MoveCategory> = {}): MoveCategory {
  return { type: 'MoveCategory', meta, categoryId, parentId, expectedVersion: null, ...change }
}

export function archiveCategory (categoryId: string, change: Partial<ArchiveCategory> = {}): ArchiveCategory {
  return { type: 'ArchiveCategory', meta, categoryId, expectedVersion: null, ...change }
}

/** A product as readers see it: published, in stock, one pound. */
export function productView (sku: string, change: Partial<ProductView> = {}): ProductView {
  const content = { name: sku.toLowerCase(), description: '', weightGrams: 0, volumeCm3: 0, categoryIds: [], attributes: [], images: [], featured: false }
  return { type: 'ProductView', sku, ...content, prices: [{ currency: 'GBP', amount: 10_000n }], stocked: true, version: 1, status: 'published', availability: 'inStock', updatedAt: 0, ...change }
}
