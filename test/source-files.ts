import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROJECT_ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** A source file of the project and the files and packages that it imports. */
export interface SourceFile {
  /** From the project's root, with forward slashes. */
  path: string
  text: string
  lineCount: number
  /** Project files it imports, from the root. */
  imports: readonly string[]
  packages: readonly string[]
}

const ROOMS = ['contract', 'services', 'proxy', 'cluster', 'bench', 'k6', 'test']

/** Every TypeScript file under the project's rooms. */
export function readSourceFiles(): readonly SourceFile[] {
  return ROOMS.flatMap((room) => listFiles(join(PROJECT_ROOT, room)))
    .filter((file) => file.endsWith('.ts'))
    .map(readSource)
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
      .map((entry) => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}

function readSource(file: string): SourceFile {
  const text = readFileSync(file, 'utf8')
  const specifiers = importSpecifiers(text)
  const path = relative(PROJECT_ROOT, file).replaceAll('\\', '/')
  const imports = specifiers
    .map((specifier) => toProjectPath(specifier, file))
    .filter((found) => found !== undefined)
  const packages = specifiers.filter((specifier) => !/^[.#]/.test(specifier))
  return { path, text, lineCount: text.split('\n').length - 1, imports, packages }
}

/** Static and dynamic imports, re-exports, and module paths handed to `new URL(…, import.meta.url)`. */
export function importSpecifiers(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '')
  const patterns = [
    /^\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
    /new URL\(\s*['"]([^'"]+\.ts)['"]\s*,\s*import\.meta\.url/g,
  ]
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''))
}

function toProjectPath(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('#')) return specifier.slice(1)
  if (!specifier.startsWith('.')) return undefined
  return relative(PROJECT_ROOT, resolve(dirname(from), specifier)).replaceAll('\\', '/')
}
