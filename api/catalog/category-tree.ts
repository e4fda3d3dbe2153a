import { type Category } from '../../topology/catalog/category.ts'

/** A category with what is below it. */
export interface CategoryNode extends Omit<Category, 'archived'> { readonly children: readonly CategoryNode[] }

/**
 * The tree of the categories that are not archived, by name. Categories come one by one: one whose parent is not there yet, and what is below it,
 * is not shown until it is.
 */
export function categoryTree (categories: readonly Category[]): readonly CategoryNode[] {
  const byParent = Map.groupBy(categories.filter(({ archived }) => !archived), ({ parentId }) => parentId)
  const below = (parentId: string | null, above: ReadonlySet<string>): readonly CategoryNode[] =>
    (byParent.get(parentId) ?? []).filter(({ categoryId }) => !above.has(categoryId)).toSorted((a, b) => a.name < b.name ? -1 : 1)
      .map(({ categoryId, name, version }) => ({ categoryId, name, parentId, version, children: below(categoryId, new Set([...above, categoryId])) }))
  return below(null, new Set())
}

/** The category of that id in the tree, with what is below it. */
export function findNode (nodes: readonly CategoryNode[], categoryId: string): CategoryNode | undefined {
  for (const node of nodes) {
    const found = node.categoryId === categoryId ? node : findNode(node.children, categoryId)
    if (found !== undefined) return found
  }
  return undefined
}

/** Ids of a category and of all below it. */
export function idsBelow (node: CategoryNode): ReadonlySet<string> {
  return new Set([node.categoryId, ...node.children.flatMap(child => [...idsBelow(child)])])
}
