import { test } from 'tap'
import { categoryTree, findNode, idsBelow } from '../../../api/catalog/category-tree.ts'

const category = (categoryId: string, parentId: string | null, archived = false) => ({ categoryId, name: categoryId, parentId, archived, version: 1 })
const categories = [category('lamps', 'light'), category('home', null), category('light', 'home'), category('attic', 'home', true), category('garden', null)]

test('the tree of categories is by name, without archived ones', t => {
  t.match(categoryTree(categories), [{ categoryId: 'garden', children: [] }, { categoryId: 'home', children: [{ categoryId: 'light', children: [{ categoryId: 'lamps' }] }] }])
  t.equal(findNode(categoryTree(categories), 'attic'), undefined)
  t.end()
})

test('a category stands for itself and all below it', t => {
  t.same([...idsBelow(findNode(categoryTree(categories), 'home')!)], ['home', 'light', 'lamps'])
  t.end()
})

test('a category whose parent has not come yet is not shown, and the tree ends by itself where there is a cycle', t => {
  t.same(categoryTree([category('lamps', 'light')]), [])
  t.same(categoryTree([category('a', 'b'), category('b', 'a')]), [])
  t.end()
})
