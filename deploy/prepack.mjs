// Makes `dist/`: what a published package carries, since Node refuses to strip types under node_modules.
// Each file is our own, its types blanked out (so line numbers stay), its imports pointing at .js; beside it a .d.ts.
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const ROOMS = ['contract', 'services', 'proxy', 'cluster', 'bench']
/** A file of ours named in a string: './x.ts', '../x.ts' or '#room/x.ts'. */
const OWN_FILE = /(['"])((?:\.{1,2}\/|#)[^'"\n]+)\.ts\1/g

process.chdir(root)
rmSync('dist', { recursive: true, force: true })
for (const file of ROOMS.flatMap((room) => globSync(`${room}/**/*.ts`))) {
  const code = stripTypeScriptTypes(readFileSync(file, 'utf8')).replace(OWN_FILE, '$1$2.js$1')
  const target = join('dist', file.replace(/\.ts$/, '.js'))
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, code)
}
for (const asset of ROOMS.flatMap((room) => globSync(`${room}/**/*.{css,html,js,svg}`)))
  cpSync(asset, join('dist', asset))

const { name, version, license, imports } = JSON.parse(readFileSync('package.json', 'utf8'))
writeFileSync(
  'dist/package.json',
  `${JSON.stringify({ name, version, license, type: 'module', imports }, null, 2)}\n`,
)
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
})
for (const file of globSync('dist/**/*.d.ts')) {
  writeFileSync(file, readFileSync(file, 'utf8').replace(OWN_FILE, '$1$2.js$1'))
}
