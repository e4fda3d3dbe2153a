import { type ArchiveCategory, type CategoryEntry, type CreateCategory, type MoveCategory, type RenameCategory } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type Rejection } from '../commands/processed-command.ts'
import { type CatalogEvent } from '../topics.ts'
import { catalogLimits, categoryIdPattern } from './limits.ts'
import { rejection } from './product-rules.ts'

/** A category as the tree keeps it. */
export type Category = CategoryEntry

/** Every category that ever was, in the order of creation. */
export type Categories = readonly Category[]

/** A catalog event about a category, without its metadata. */
export type CategoryEventBody = Body<Extract<CatalogEvent, { readonly categoryId: string }>>

/** A command about a category, and as the decision sees it. */
export type CategoryCommand = CreateCategory | RenameCategory | MoveCategory | ArchiveCategory
export type CategoryRequest = Body<CategoryCommand>

/** An event with the tree after it, or the rule that was broken; neither: a repeat. */
export interface CategoryDecision {
  readonly event?: CategoryEventBody
  readonly tree?: Categories
  readonly rejection?: Rejection
}

type Named<Type extends CategoryRequest['type']> = Extract<CategoryRequest, { type: Type }>

/** Decides on a command about a category. Pure: a tree has to be seen whole. */
export function decideCategory (tree: Categories, command: CategoryRequest): CategoryDecision {
  if (command.type === 'CreateCategory') return createCategory(tree, command)
  const category = find(tree, command.categoryId)
  if (category === undefined) return reject('unknown-category', 'categoryId', 'there is no such category')
  const { expectedVersion } = command
  if (expectedVersion !== null && expectedVersion !== category.version) {
    return reject('version-mismatch', 'expectedVersion', `the category is at version ${category.version}`)
  }
  if (command.type === 'ArchiveCategory') return archiveCategory(tree, category)
  if (category.archived) return reject('state-forbids', null, 'the category is archived, for good')
  return command.type === 'RenameCategory' ? renameCategory(tree, category, command) : moveCategory(tree, category, command)
}

function createCategory (tree: Categories, { categoryId, name, parentId }: Named<'CreateCategory'>): CategoryDecision {
  const known = find(tree, categoryId)
  if (known !== undefined) {
    const isSame = known.version === 1 && known.name === name && known.parentId === parentId
    return isSame ? {} : reject('category-exists', 'categoryId', 'the category exists, or existed, with another name or place')
  }
  if (!categoryIdPattern.test(categoryId) || categoryId.length > catalogLimits.categoryIdLength) {
    return reject('invalid-category-id', 'categoryId', `an id is made of lower case letters, digits and dashes, at most ${catalogLimits.categoryIdLength}`)
  }
  if (tree.length >= catalogLimits.treeCategories) return reject('too-many-categories', 'categoryId', `there are at most ${catalogLimits.treeCategories} categories`)
  const broken = nameRejection(name) ?? parentRejection(tree, parentId)
  return broken === undefined ? accept(tree, { type: 'CategoryCreated', categoryId, name, parentId }) : { rejection: broken }
}

function renameCategory (tree: Categories, { categoryId, name: before }: Category, { name }: Named<'RenameCategory'>): CategoryDecision {
  const broken = nameRejection(name)
  if (broken !== undefined) return { rejection: broken }
  return name === before ? {} : accept(tree, { type: 'CategoryRenamed', categoryId, name })
}

function moveCategory (tree: Categories, { categoryId, parentId: before }: Category, { parentId }: Named<'MoveCategory'>): CategoryDecision {
  const broken = parentRejection(tree, parentId)
  if (broken !== undefined) return { rejection: broken }
  if (parentId !== null && pathTo(tree, parentId).includes(categoryId)) return reject('category-cycle', 'parentId', 'a category cannot be put below itself')
  return parentId === before ? {} : accept(tree, { type: 'CategoryMoved', categoryId, parentId })
}

function archiveCategory (tree: Categories, { categoryId, archived }: Category): CategoryDecision {
  if (archived) return {}
  const hasChildren = tree.some(other => other.parentId === categoryId && !other.archived)
  return hasChildren ? reject('category-not-empty', null, 'there are categories below it: move or archive them first') : accept(tree, { type: 'CategoryArchived', categoryId })
}

/** The tree after one of its events. */
export function evolveCategories (tree: Categories, event: CategoryEventBody): Categories {
  if (event.type === 'CategoryCreated') {
    const { categoryId, name, parentId } = event
    return [...tree, { categoryId, name, parentId, archived: false, version: 1 }]
  }
  return tree.map(category => category.categoryId === event.categoryId ? { ...category, ...changeOf(event), version: category.version + 1 } : category)
}

function changeOf (event: Exclude<CategoryEventBody, { type: 'CategoryCreated' }>): Partial<Category> {
  switch (event.type) {
    case 'CategoryRenamed': return { name: event.name }
    case 'CategoryMoved': return { parentId: event.parentId }
    case 'CategoryArchived': return { archived: true }
  }
}

/** Ids from that category up to the top, itself first. Ends by itself even where a tree had a cycle. */
export function pathTo (tree: Categories, categoryId: string): readonly string[] {
  const path = new Set<string>()
  for (let at: string | null = categoryId; at !== null && !path.has(at); at = find(tree, at)?.parentId ?? null) path.add(at)
  return [...path]
}

function find (tree: Categories, categoryId: string): Category | undefined {
  return tree.find(category => category.categoryId === categoryId)
}

function nameRejection (name: string): Rejection | undefined {
  const fits = name.trim() !== '' && name.length <= catalogLimits.categoryNameLength
  return fits ? undefined : rejection('invalid-name', 'name', `a name has 1 to ${catalogLimits.categoryNameLength} characters`)
}

function parentRejection (tree: Categories, parentId: string | null): Rejection | undefined {
  if (parentId === null) return undefined
  const parent = find(tree, parentId)
  if (parent === undefined) return rejection('unknown-parent', 'parentId', 'there is no such category')
  return parent.archived ? rejection('parent-archived', 'parentId', 'the category is archived') : undefined
}

function accept (tree: Categories, event: CategoryEventBody): CategoryDecision {
  return { event, tree: evolveCategories(tree, event) }
}

function reject (code: string, field: string | null, message: string): CategoryDecision {
  return { rejection: rejection(code, field, message) }
}
