import { type ListedProduct } from './catalog.ts'

/** A category of the shop that runs are played in. */
export interface Shelf { readonly categoryId: string, readonly name: string, readonly parentId: string | null }

/** The tree of categories, those at the top first. The same in every run: it belongs to none. */
export const shelves: readonly Shelf[] = [
  { categoryId: 'home', name: 'Home', parentId: null },
  { categoryId: 'kitchen', name: 'Kitchen and table', parentId: null },
  { categoryId: 'party', name: 'Party and gifts', parentId: null },
  { categoryId: 'lighting', name: 'Lighting', parentId: 'home' },
  { categoryId: 'living', name: 'Living', parentId: 'home' },
  { categoryId: 'hall', name: 'Hall and doors', parentId: 'home' },
  { categoryId: 'tableware', name: 'Tableware', parentId: 'kitchen' },
  { categoryId: 'baking', name: 'Baking', parentId: 'kitchen' },
  { categoryId: 'lunch', name: 'Lunch', parentId: 'kitchen' },
  { categoryId: 'decoration', name: 'Decoration', parentId: 'party' }
]

/** Things that are sold, with the shelf that they lie on and what they are for. */
const things: Readonly<Record<string, readonly [categoryId: string, use: string]>> = {
  lantern: ['lighting', 'gives a warm light on a table or in a window'],
  mug: ['tableware', 'holds a large coffee, and goes into the dishwasher'],
  'lunch bag': ['lunch', 'keeps a lunch cool until noon'],
  doorstop: ['hall', 'keeps a heavy door open'],
  bunting: ['decoration', 'makes a garden party out of a garden'],
  'cake stand': ['baking', 'shows a cake as it deserves'],
  cushion: ['living', 'makes any chair a soft one'],
  candle: ['lighting', 'burns for about thirty hours'],
  clock: ['living', 'keeps the time on a wall or a shelf'],
  basket: ['living', 'takes up toys, wool or firewood'],
  napkin: ['tableware', 'is folded, washed and used again'],
  hook: ['hall', 'carries a coat and a bag']
}

/** What the first word of a name tells of a product. */
const looks: Readonly<Record<string, readonly [name: string, value: string]>> = {
  white: ['colour', 'white'],
  red: ['colour', 'red'],
  blue: ['colour', 'blue'],
  vintage: ['style', 'vintage'],
  retro: ['style', 'retro'],
  wooden: ['material', 'wood'],
  glass: ['material', 'glass'],
  paper: ['material', 'paper'],
  tin: ['material', 'tin'],
  cotton: ['material', 'cotton'],
  small: ['size', 'small'],
  large: ['size', 'large']
}

/** First words and things that names are made of, in the order that seeds count on. */
export const nameParts = {
  looks: ['white', 'red', 'vintage', 'wooden', 'retro', 'small', 'large', 'glass', 'paper', 'tin', 'cotton', 'blue'],
  things: ['lantern', 'mug', 'lunch bag', 'doorstop', 'bunting', 'cake stand', 'cushion', 'candle', 'clock', 'basket', 'napkin', 'hook']
} as const

/** What a product of that name is, for those who look for it: it follows from its words and its place in the list, so it takes no chance. */
export function shelve (look: string, thing: string, index: number): Required<Pick<ListedProduct, 'description' | 'categoryIds' | 'attributes' | 'featured'>> {
  const [categoryId, use] = things[thing] as readonly [string, string]
  const [name, value] = looks[look] as readonly [string, string]
  return {
    description: `A ${look} ${thing} that ${use}.`,
    categoryIds: [categoryId],
    attributes: [{ name, value }, { name: 'kind', value: thing }],
    featured: index % 50 === 0
  }
}
