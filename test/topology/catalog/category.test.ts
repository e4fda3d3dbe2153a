import { test } from 'tap'
import fc from 'fast-check'
import { type Categories, type CategoryRequest, decideCategory, evolveCategories, pathTo } from '../../../topology/catalog/category.ts'
import { catalogLimits } from '../../../topology/catalog/limits.ts'
import { archiveCategory, createCategory, moveCategory, renameCategory } from '../../support/catalog.ts'

/** The tree after commands that are all carried out. */
function grow (...commands: readonly CategoryRequest[]): Categories {
  return commands.reduce<Categories>((tree, command) => decideCategory(tree, command).tree ?? tree, [])
}

const tree = grow(createCategory('home'), createCategory('light', 'home'), createCategory('lamps', 'light'), createCategory('kitchen'))

test('a category is created at the top or below another one', t => {
  t.match(decideCategory([], createCategory('home')), { event: { type: 'CategoryCreated', parentId: null }, tree: [{ categoryId: 'home', version: 1, archived: false }] })
  t.same(pathTo(tree, 'lamps'), ['lamps', 'light', 'home'])
  t.end()
})

test('creating a category again is a repeat, and with other content it is rejected', t => {
  t.same(decideCategory(tree, createCategory('light', 'home')), {})
  t.match(decideCategory(tree, createCategory('light')).rejection, { code: 'category-exists', field: 'categoryId' })
  t.match(decideCategory(tree, createCategory('home', null, { name: 'House' })).rejection, { code: 'category-exists' })
  t.end()
})

const refused: ReadonlyArray<readonly [name: string, command: CategoryRequest, code: string, field: string | null]> = [
  ['its id has capitals', createCategory('Home'), 'invalid-category-id', 'categoryId'],
  ['its id is empty', createCategory(''), 'invalid-category-id', 'categoryId'],
  ['its id is long', createCategory('x'.repeat(catalogLimits.categoryIdLength + 1)), 'invalid-category-id', 'categoryId'],
  ['it has no name', createCategory('garden', null, { name: ' ' }), 'invalid-name', 'name'],
  ['its parent is not there', createCategory('garden', 'nowhere'), 'unknown-parent', 'parentId'],
  ['nobody knows what is renamed', renameCategory('garden', 'Garden'), 'unknown-category', 'categoryId'],
  ['the new name is blank', renameCategory('home', ''), 'invalid-name', 'name'],
  ['nobody knows where it is moved', moveCategory('kitchen', 'nowhere'), 'unknown-parent', 'parentId'],
  ['it is moved below itself', moveCategory('home', 'home'), 'category-cycle', 'parentId'],
  ['it is moved below what is below it', moveCategory('home', 'lamps'), 'category-cycle', 'parentId'],
  ['it is archived with others below it', archiveCategory('light'), 'category-not-empty', null],
  ['its version is another one', renameCategory('home', 'House', { expectedVersion: 2 }), 'version-mismatch', 'expectedVersion']
]

for (const [name, command, code, field] of refused) {
  test(`a command about a category is rejected with code and field when ${name}`, t => {
    t.match(decideCategory(tree, command).rejection, { code, field })
    t.end()
  })
}

test('a category is renamed, moved to the top and archived, each with a new version', t => {
  const after = [renameCategory('lamps', 'Lamps'), moveCategory('lamps', null, { expectedVersion: 2 }), archiveCategory('lamps'), archiveCategory('light')]
    .reduce<Categories>((at, command) => decideCategory(at, command).tree ?? at, tree)
  t.match(after.find(({ categoryId }) => categoryId === 'lamps'), { name: 'Lamps', parentId: null, archived: true, version: 4 })
  t.match(after.find(({ categoryId }) => categoryId === 'light'), { archived: true, version: 2 })
  t.end()
})

test('a change that changes nothing is a repeat', t => {
  t.same(decideCategory(tree, renameCategory('home', 'home')), {})
  t.same(decideCategory(tree, moveCategory('light', 'home')), {})
  t.same(decideCategory(decideCategory(tree, archiveCategory('kitchen')).tree!, archiveCategory('kitchen')), {})
  t.end()
})

test('an archived category is changed no more, and takes nothing in', t => {
  const after = decideCategory(tree, archiveCategory('kitchen')).tree!
  t.equal(decideCategory(after, renameCategory('kitchen', 'Cooking')).rejection?.code, 'state-forbids')
  t.equal(decideCategory(after, moveCategory('light', 'kitchen')).rejection?.code, 'parent-archived')
  t.equal(decideCategory(after, createCategory('pans', 'kitchen')).rejection?.code, 'parent-archived')
  t.end()
})

test('a tree takes no more categories than it may have', t => {
  const full = Array.from({ length: catalogLimits.treeCategories }, (_, index) => ({ categoryId: `c${index}`, name: 'c', parentId: null, archived: true, version: 1 }))
  t.equal(decideCategory(full, createCategory('home')).rejection?.code, 'too-many-categories')
  t.equal(decideCategory(full.slice(1), createCategory('home')).rejection, undefined)
  t.end()
})

test('a tree never has a cycle, and folding its events gives it, whatever is asked of it', t => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const parent = fc.option(id, { nil: null })
  const command = fc.oneof(
    fc.tuple(id, parent).map(([categoryId, parentId]) => createCategory(categoryId, parentId)),
    fc.tuple(id, parent).map(([categoryId, parentId]) => moveCategory(categoryId, parentId)),
    id.map(categoryId => archiveCategory(categoryId))
  )
  fc.assert(fc.property(fc.array(command, { maxLength: 40 }), commands => {
    let [decided, folded]: [Categories, Categories] = [[], []]
    for (const each of commands) {
      const { event, tree: after } = decideCategory(decided, each)
      if (event !== undefined) folded = evolveCategories(folded, event)
      decided = after ?? decided
    }
    for (const { categoryId } of decided) {
      const top = pathTo(decided, categoryId).at(-1)
      if (decided.find(category => category.categoryId === top)?.parentId !== null) return false
    }
    return JSON.stringify(decided) === JSON.stringify(folded)
  }))
  t.end()
})
